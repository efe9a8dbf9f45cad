import Glibc
import Testing

@testable import LocalServices

struct ProcessTableTests {
    private let rest = "0 -1 4194560 1 0 0 0 7 8 0 0 20 0 1 0 987654 2703360 221 18446744073709551615"

    @Test func `a line is read whatever the program's name has in it`() throws {
        let entry = try #require(ProcessTable.Entry(stat: "42 (a) b (c) S 7 40 39 \(rest)\n"))
        #expect(entry.identity == ProcessIdentity(pid: 42, startTime: 987_654))
        #expect(entry.name == "a) b (c")
        #expect(entry.parent == 7)
        #expect(entry.group == 40)
        #expect(!entry.isZombie)
        #expect(try #require(ProcessTable.Entry(stat: "42 (a) Z 7 40 39 \(rest)")).isZombie)
    }

    @Test(arguments: ["", "42", "42 (a)", "42 (a) S 7 40", "x (a) S 7 40 39 0"])
    func `what is no such line is refused`(_ line: String) {
        #expect(ProcessTable.Entry(stat: line) == nil)
    }

    @Test func `this process is in the table, with its parent's number`() throws {
        let entry = try #require(ProcessTable.read()[getpid()])
        #expect(entry.parent == getppid())
        #expect(entry.group == getpgrp())
        #expect(ProcessTable.entry(of: getpid())?.identity == entry.identity)
    }
}
