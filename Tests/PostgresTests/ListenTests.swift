import Postgres
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ListenTests {
    @Test func `what is notified is heard by every reader of its channel, in order`() async throws {
        let database = try await Database()
        let listener = try await database.connected()
        let speaker = try await database.connected()
        let channel = "A \"strange\" channel é"
        let first = try await listener.listen(channel)
        let second = try await listener.listen(channel)
        let other = try await listener.listen("other")
        for number in 0..<100 {
            try await speaker.run(Statement("select pg_notify($1, $2)", [.text(channel), .text("\(number)")]))
        }
        try await speaker.run(Statement("select pg_notify('other', '')"))
        let pid = try await speaker.run(Statement("select pg_backend_pid()"))[0].int32(0)
        for stream in [first, second] {
            var heard: [String] = []
            for await notification in stream {
                #expect(notification.channel == channel && notification.backend == pid)
                heard.append(notification.payload)
                if heard.count == 100 { break }
            }
            #expect(heard == (0..<100).map(String.init))
        }
        for await notification in other {
            #expect(notification.payload == "")
            break
        }
    }

    @Test func `a rolled back NOTIFY is not heard`() async throws {
        let database = try await Database()
        let connection = try await database.connected()
        let stream = try await connection.listen("c")
        _ = await failure { try await connection.transact([Statement("notify c, 'no'"), Statement("select 1/0")]) }
        try await connection.run(Statement("notify c, 'yes'"))
        for await notification in stream {
            #expect(notification.payload == "yes")
            break
        }
    }

    @Test func `when nobody reads a channel any more the server is told`() async throws {
        let connection = try await Database().connected()
        let channels = Statement("select count(*) from pg_listening_channels()")
        do {
            let stream = try await connection.listen("c")
            #expect(try await connection.run(channels)[0].int(0) == 1)
            _ = stream
        }
        while try await connection.run(channels)[0].int(0) > 0 {}
    }

    @Test func `a channel name that the server would cut is refused`() async throws {
        let connection = try await Database().connected()
        for name in [String(repeating: "x", count: 64), ""] {
            #expect(await failure { try await connection.listen(name) }.code == .invalidParameter)
        }
        _ = try await connection.listen(String(repeating: "x", count: 63))
    }
}
