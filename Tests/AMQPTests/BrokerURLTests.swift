import Testing

@testable import AMQP

struct BrokerURLTests {
    @Test func `a URL with every part is read`() throws {
        let url = try BrokerURL("amqp://ann:s%40cret@broker.example:5673/jobs")
        #expect(!url.usesTLS)
        #expect(url.user == "ann")
        #expect(url.password == "s@cret")
        #expect(url.host == "broker.example")
        #expect(url.port == 5673)
        #expect(url.virtualHost == "jobs")
        #expect(url.certificateAuthorityFile == nil)
    }

    @Test(arguments: [
        ("amqp://h", "guest", "guest", 5672, "/"),
        ("amqps://h", "guest", "guest", 5671, "/"),
        ("AMQP://h/", "guest", "guest", 5672, "/"),
        ("amqp://ann@h/%2F", "ann", "", 5672, "/"),
        ("amqp://ann:@h/%2fteam%20a", "ann", "", 5672, "/team a"),
        ("amqp://a:b:c@h:1", "a", "b:c", 1, "/"),
        ("amqp://a:p@ss@h", "a", "p@ss", 5672, "/"),
        ("amqp://%C3%A9:x@h", "é", "x", 5672, "/"),
    ])
    func `missing parts have their defaults and escapes are decoded`(
        text: String, user: String, password: String, port: Int, virtualHost: String
    ) throws {
        let url = try BrokerURL(text)
        #expect(url.user == user)
        #expect(url.password == password)
        #expect(url.host == "h")
        #expect(url.port == port)
        #expect(url.virtualHost == virtualHost)
    }

    @Test func `an IPv6 address stands in brackets`() throws {
        #expect(try BrokerURL("amqp://[::1]").host == "::1")
        let url = try BrokerURL("amqp://u:p@[fe80::1]:99/v")
        #expect(url.host == "fe80::1")
        #expect(url.port == 99)
        #expect(url.description == "amqp://u@[fe80::1]:99/v")
    }

    @Test func `the file of trusted certificates may stand in the query`() throws {
        let url = try BrokerURL("amqps://h/v?cacertfile=/etc/my%20ca.pem")
        #expect(url.certificateAuthorityFile == "/etc/my ca.pem")
        #expect(url.virtualHost == "v")
    }

    @Test(arguments: [
        ("", "must look like"),
        ("localhost:5672", "must look like"),
        ("http://h", "must begin with"),
        ("amqp://", "host is missing"),
        ("amqp://u:p@:5672", "host is missing"),
        ("amqp://h:0", "port must be"),
        ("amqp://h:65536", "port must be"),
        ("amqp://h:56x", "port must be"),
        ("amqp://h:", "port must be"),
        ("amqp://h:+1", "port must be"),
        ("amqp://[::1", "']'"),
        ("amqp://[::1]x", "only a port"),
        ("amqp://h/a/b", "%2F"),
        ("amqp://u:%4@h", "in the password"),
        ("amqp://%zz@h", "in the user"),
        ("amqp://h/%ff", "UTF-8"),
        ("amqp://u:%00@h", "zero byte"),
        ("amqp://h?heartbeat=3", "only cacertfile"),
        ("amqp://h?cacertfile=", "only cacertfile"),
        ("amqp://u:p#q@h", "%23"),
    ])
    func `what is wrong with a URL is said`(text: String, words: String) {
        do {
            _ = try BrokerURL(text)
            Issue.record("\(text) was accepted")
        } catch {
            #expect(error.code == .invalidURL)
            #expect(error.detail.contains(words), "\(error)")
            #expect(!error.isRetryable)
        }
    }

    @Test func `the password is in no description and in no error`() throws {
        let url = try BrokerURL("amqp://ann:hunter2@h:1/v")
        var dumped = ""
        dump(url, to: &dumped)
        for text in ["\(url)", String(reflecting: url), "\([url])", "\(Optional(url) as Any)", dumped] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        #expect(url.description == "amqp://ann@h:1/v")
        for text in ["amqp://ann:hunter2/@h", "amqp://ann:hunter2%@h", "hunter2", "amqp://ann:hunter2@h:x"] {
            let error = #expect(throws: AMQPError.self) { try BrokerURL(text) }
            #expect(error?.description.contains("hunter2") == false)
        }
    }
}
