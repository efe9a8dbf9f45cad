import Testing

@testable import Inference

struct EndpointURLTests {
    @Test(arguments: [
        ("https://API.OpenAI.com/v1/", "https://api.openai.com/v1"),
        ("HTTP://nim-a:8000", "http://nim-a:8000"), ("http://nim-a:80/", "http://nim-a"),
        ("https://nim-a:443/v1//", "https://nim-a/v1"), ("https://nim-a:80", "https://nim-a:80"),
        ("http://nim-a.:8000/V1", "http://nim-a:8000/V1"), ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://[FE80::1]", "http://[fe80::1]"), ("https://x.y/v1?api-version=2", "https://x.y/v1"),
    ])
    func `one endpoint has one form`(_ text: String, _ normal: String) throws {
        #expect(try EndpointURL(text).description == normal)
    }

    @Test(arguments: [
        "", "nim-a:8000", "ftp://nim-a", "http:/nim-a", "http://", "http:///v1", "http://:8000", "http://a:b",
        "http://a:70000", "http://a:0", "http://user:pw@a", "http://a/#b", "http://a b", "http://[::1", "http://a:1:2",
        "http://nïm",
    ])
    func `what is no endpoint is refused`(_ text: String) {
        #expect(throws: EndpointURL.Invalid.self) { try EndpointURL(text) }
    }

    @Test func `a route stands before the query`() throws {
        #expect(
            try EndpointURL("https://x.y/v1/?api-version=2").route("/chat/completions")
                == "https://x.y/v1/chat/completions?api-version=2")
    }

    @Test(arguments: [
        "http://localhost:8000/v1", "http://127.0.0.1:8000", "http://127.9.9.9", "http://[::1]:8000",
        "http://169.254.1.2", "http://[fe80::1]", "http://nim", "http://0.0.0.0:8000", "http://a.localhost",
        "http://[::ffff:127.0.0.1]:1",
    ])
    func `loopback, link-local and names without a dot are another server on each host`(_ text: String) throws {
        #expect(try EndpointURL(text).isPerHost)
    }

    @Test(arguments: [
        "http://nim-a.internal:8000", "http://10.0.0.1", "http://[2001:db8::1]", "http://127.example.com",
        "http://169.255.0.1", "http://[::ffff:10.0.0.1]",
    ])
    func `other hosts are the same server for every worker`(_ text: String) throws {
        #expect(try !EndpointURL(text).isPerHost)
    }
}
