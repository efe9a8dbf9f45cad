import Foundation
import JSON
import Seeds
import Testing
import Workflow

struct FolderTests {
    private func rows(_ source: SeedConfig.Source) throws -> [[JSONValue]] {
        var rows: [[JSONValue]] = []
        try SeedSource(source).forEachRow { row throws(SeedError) in rows.append(row) }
        return rows
    }

    private func selection(_ path: String, _ pattern: String = "*", recursive: Bool = true) throws
        -> SeedConfig.Source
    {
        let text = """
            columns: [{name: e, column_type: expression, expr: "{{ relative_path }}"}]
            seed_config: {source: {seed_type: directory, path: "\(path)", file_pattern: "\(pattern)", recursive: \(recursive)}}
            """
        let workflow = try #require(
            Workflow.load(text: text, name: "t.yaml", format: .yaml, capabilities: nil).workflow)
        return try #require(workflow.seed?.source)
    }

    private func contents(_ source: SeedConfig.Source, encoding: String = "utf-8") throws -> SeedConfig.Source {
        guard case .directory(let files) = source else { return source }
        return .fileContents(files, encoding: encoding)
    }

    @Test func `a folder gives its files in byte order of their paths, folders within included`() throws {
        let files = try TemporaryFiles()
        for name in ["b.txt", "a/z.txt", "a.txt", "B.txt", "a/c.md"] { _ = try files.write(name, to: name) }
        let all = try rows(selection(files.path))
        #expect(all.map { $0[2] } == ["B.txt", "a.txt", "a/c.md", "a/z.txt", "b.txt"])
        #expect(all.map { $0[3] } == ["B.txt", "a.txt", "c.md", "z.txt", "b.txt"])
        #expect(all.allSatisfy { $0[0] == "directory_file" && $0[1].stringValue?.hasPrefix("/") == true })
        #expect(
            try rows(selection(files.path, "*.txt", recursive: false)).map { $0[2] } == ["B.txt", "a.txt", "b.txt"])
    }

    @Test func `a folder without such files, and no folder at all, are refused`() throws {
        let files = try TemporaryFiles()
        _ = try files.write("x", to: "a.txt")
        #expect(throws: SeedError.self) { try SeedSource(selection(files.path, "*.TXT")) }
        #expect(throws: SeedError.self) { try SeedSource(selection(files.path + "/none")) }
    }

    @Test func `the contents of a file are a column, in its encoding, with line ends as Python has them`() throws {
        let files = try TemporaryFiles()
        _ = try files.write("one\r\ntwo\rthree\n", to: "a.txt")
        let row = try #require(try rows(contents(selection(files.path))).first)
        #expect(row[0] == "file_contents" && row[4] == "one\ntwo\nthree\n")
        _ = try files.write(Data([0x80, 0xE9]), to: "a.txt")
        #expect(throws: SeedError.self) { try rows(contents(selection(files.path))) }
        #expect(try rows(contents(selection(files.path), encoding: "cp1252"))[0][4] == "€é")
        #expect(try rows(contents(selection(files.path), encoding: "latin-1"))[0][4] == "\u{80}é")
    }
}
