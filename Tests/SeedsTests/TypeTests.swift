import Foundation
import JSON
import Seeds
import Testing
import Workflow

/// The types and values of files as DuckDB 1.5.6 reads them, with which the library reads its seeds.
struct TypeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let format: String
        let text: String
        let columns: [String]
        let rows: [[JSONValue]]

        var testDescription: String { "\(format) \(name)" }

        static let all: [Case] = {
            guard let url = Bundle.module.url(forResource: "types", withExtension: "jsonl", subdirectory: "Corpus"),
                let text = try? String(contentsOf: url, encoding: .utf8)
            else { return [] }
            return text.split(separator: "\n").compactMap { line in
                guard let value = try? JSONValue(parsing: String(line)) else { return nil }
                return Case(
                    name: value["name"]?.stringValue ?? "", format: value["format"]?.stringValue ?? "",
                    text: value["text"]?.stringValue ?? "",
                    columns: value["columns"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                    rows: value["rows"]?.arrayValue?.compactMap(\.arrayValue) ?? [])
            }
        }()
    }

    @Test func `the corpus is there`() { #expect(Case.all.count > 80) }

    @Test(arguments: Case.all)
    func `a file has the columns and values that DuckDB reads`(example: Case) throws {
        let (columns, rows) = try read(example.text, as: "seed.\(example.format)")
        #expect(columns == example.columns)
        #expect(rows == example.rows)
    }

    @Test func `a moment with a zone becomes one of UTC`() throws {
        let (_, rows) = try read("a,b\n2024-01-01T10:00:00Z,x\n2024-12-31T23:11:11.25-02:00,y\n", as: "seed.csv")
        #expect(rows[0][0] == "2024-01-01T10:00:00+00:00")
        #expect(rows[1][0] == "2025-01-01T01:11:11.250000+00:00")
    }

    @Test(arguments: [
        ("a,b\n1,x\n2\n", "seed.csv", "seed.csv:3: 1 fields, but the first line has 2"),
        ("a,b\n1,\"x\n", "seed.csv", "a quote is never closed"), ("", "seed.csv", "is empty"),
        ("a,b\n", "seed.csv", "has no records"), ("{\"a\":1}\n{\"a\":}\n", "seed.jsonl", "seed.jsonl:2: not JSON"),
        ("[{\"a\":1},", "seed.json", "ends in the middle"), ("{\"a\": 1", "seed.json", "ends in the middle"),
        ("x", "seed.parquet", "Parquet"), ("a\n\u{0}\n", "seed.csv", "none"),
    ])
    func `a file that cannot be read is answered with its place`(text: String, name: String, message: String) {
        #expect(failure(text, as: name).contains(message))
    }

    @Test func `bytes that are no text are refused`() throws {
        let files = try TemporaryFiles()
        let path = try files.write(Data([0x61, 0x0A, 0xFF, 0x0A]), to: "seed.csv")
        #expect(throws: SeedError.self) { try SeedSource(.local(path: path)) }
    }

    @Test func `several files are read in the order of their names`() throws {
        let files = try TemporaryFiles()
        _ = try files.write("a,b\n3,x\n", to: "p-2.csv")
        _ = try files.write("a,b\n1,x\n2,y\n", to: "p-1.csv")
        let source = try SeedSource(.local(path: "\(files.path)/p-*.csv"))
        var values: [JSONValue] = []
        try source.forEachRow { row throws(SeedError) in values.append(row[0]) }
        #expect(values == [1, 2, 3] && source.rows == 3)
        _ = try files.write("a,c\n3,x\n", to: "p-3.csv")
        #expect(throws: SeedError.self) { try SeedSource(.local(path: "\(files.path)/p-*.csv")) }
    }

    @Test func `a file that changes between the two readings is noticed`() throws {
        let files = try TemporaryFiles()
        let path = try files.write("a\n1\n2\n", to: "seed.csv")
        let source = try SeedSource(.local(path: path))
        _ = try files.write("a\n1\nx\n", to: "seed.csv")
        #expect(throws: SeedError.self) { try source.forEachRow { _ in } }
    }
}
