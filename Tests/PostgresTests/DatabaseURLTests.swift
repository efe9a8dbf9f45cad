import Testing

@testable import Postgres

struct DatabaseURLTests {
    @Test func `no description shows the password`() throws {
        for text in ["postgresql://app:s3cret@db:5433/tessera?sslmode=require", "host=db user=app password=s3cret"] {
            let url = try DatabaseURL(text)
            var dumped = ""
            dump(url, to: &dumped)
            for shown in ["\(url)", String(reflecting: url), dumped] {
                #expect(!shown.contains("s3cret"))
                #expect(shown.contains("user=app"))
            }
            #expect(url.parameters(for: nil, applicationName: "t")["password"] == "s3cret")
        }
    }

    @Test(arguments: [
        "postgresq://app:s3cret@db", "host=db password=s3cret more", "postgresql://app:s3cret@[::1", "s3cret",
        "postgresql://app:s3cret%zz@db", "host=db passwort=s3cret", "password='s3cret",
    ])
    func `what is no connection string is refused without quoting it`(text: String) throws {
        let error = #expect(throws: PostgresError.self) { try DatabaseURL(text) }
        #expect(error?.code == .invalidURL)
        #expect(error.map { "\($0)" }?.contains("s3cret") == false)
    }

    @Test func `the session's settings come before the user's own options`() throws {
        var url = try DatabaseURL("host=/run options='-c TimeZone=Asia/Tokyo'")
        url.schema = #"a "b\c"#
        let options = try #require(url.parameters(for: nil, applicationName: "me")["options"])
        let ours = try #require(options.firstRange(of: "-c TimeZone=UTC"))
        let theirs = try #require(options.firstRange(of: "-c TimeZone=Asia/Tokyo"))
        #expect(ours.upperBound <= theirs.lowerBound)
        #expect(options.contains(#"-c search_path="a\ ""b\\c""#))
    }

    @Test func `what the URL says wins over the defaults`() throws {
        let url = try DatabaseURL("host=db keepalives_idle=99 application_name=mine client_encoding=LATIN1")
        let parameters = url.parameters(for: nil, applicationName: "other")
        #expect(parameters["keepalives_idle"] == "99")
        #expect(parameters["application_name"] == "mine")
        #expect(parameters["client_encoding"] == "UTF8")
    }

    @Test func `hosts are tried in order, each with its port`() throws {
        let several = try DatabaseURL("postgresql://a:1,b:2,c:3/db").hosts
        #expect(several.map(\.name) == ["a", "b", "c"])
        #expect(several.map(\.port) == ["1", "2", "3"])
        #expect(try DatabaseURL("host=a,b port=7").hosts.map(\.port) == ["7", "7"])
        #expect(try DatabaseURL("dbname=x").hosts.isEmpty)
        #expect(throws: PostgresError.self) { try DatabaseURL("host=a,b hostaddr=1.2.3.4").hosts }
    }

    @Test func `only names need looking up`() throws {
        #expect(try DatabaseURL("host=db").hosts[0].needsLookup)
        #expect(try !DatabaseURL("host=/run/postgresql").hosts[0].needsLookup)
        #expect(try !DatabaseURL("host=db hostaddr=10.0.0.1").hosts[0].needsLookup)
    }

    @Test func `the time to connect is bounded unless the URL says 0`() throws {
        #expect(try DatabaseURL("host=a").connectTimeout == .seconds(10))
        #expect(try DatabaseURL("host=a connect_timeout=3").connectTimeout == .seconds(3))
        #expect(try DatabaseURL("host=a connect_timeout=0").connectTimeout == nil)
    }
}
