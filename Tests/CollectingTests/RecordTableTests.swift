import JSON
import Testing

@testable import Collecting

struct RecordTableTests {
    @Test func `values stand by record and column, and are gone when the record is dropped`() {
        var table = RecordTable(records: 10..<12, columns: 2)
        table.set("a", record: 10, column: 0)
        table.set("b", record: 10, column: 1)
        table.set("c", record: 11, column: 0)
        #expect(table[10, 1] == "b")
        #expect(table[11, 0] == "c")
        #expect(table[11, 1] == nil)
        let before = table.bytes
        table.clear(record: 10)
        #expect(table[10, 0] == nil && table[10, 1] == nil)
        #expect(table[11, 0] == "c")
        #expect(table.bytes > 0 && table.bytes < before)
    }

    @Test func `bytes follow what is held`() {
        var table = RecordTable(records: 0..<1, columns: 1)
        table.set(.string(String(repeating: "x", count: 1000)), record: 0, column: 0)
        #expect(table.bytes >= 1000)
        table.clear(record: 0)
        #expect(table.bytes == 0)
    }
}
