import Foundation
import Testing

@testable import Workflow

struct DocumentTextTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "tessera-document-\(UInt64.random(in: 0 ... .max))"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ bytes: [UInt8], _ name: String) throws -> String {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
            return "\(path)/\(name)"
        }
    }

    @Test(arguments: [
        ("w.json", "{a: 1}", WorkflowFormat.json), ("w.yaml", "{\"a\": 1}", .yaml), ("w", "a: 1", .yaml),
        ("pipe", " \n{\n \"a\": 1}", .json), ("pipe", "{a: 1}", .yaml), ("w.yml", "", .yaml),
    ])
    func `the format is the name's, or what a text without one begins with`(
        name: String, text: String, format: WorkflowFormat
    ) throws {
        let folder = try Folder()
        let document = try DocumentText.read(try folder.write(Array(text.utf8), name), maximumMebibytes: 1)
        #expect(document.format == format && document.text == text)
    }

    @Test func `a pipe is read to its end`() throws {
        let folder = try Folder()
        let path = "\(folder.path)/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let text = String(repeating: "# more than a pipe holds\n", count: 10_000) + "a: 1"
        let writer = Thread {
            guard let pipe = FileHandle(forWritingAtPath: path) else { return }
            try? pipe.write(contentsOf: Data(text.utf8))
            try? pipe.close()
        }
        writer.start()
        #expect(try DocumentText.read(path, maximumMebibytes: 1).text == text)
    }

    @Test func `a file that cannot be read says why, where it begins`() throws {
        let folder = try Folder()
        func message(_ path: String) -> String? {
            do throws(SourceError) {
                _ = try DocumentText.read(path, maximumMebibytes: 1)
                return nil
            } catch {
                return "\(error.mark) \(error.message)"
            }
        }
        #expect(message("\(folder.path)/none") == "1:1 the file cannot be read, or does not exist")
        #expect(message(folder.path) == "1:1 the file cannot be read, or does not exist")
        #expect(message(try folder.write([0xff, 0x41], "bad")) == "1:1 the file is not UTF-8")
        let large = try folder.write([UInt8](repeating: 0x20, count: 1 << 20 + 1), "large")
        #expect(message(large) == "1:1 the file is larger than 1 MiB")
        #expect(message(try folder.write([UInt8](repeating: 0x20, count: 1 << 20), "full")) == nil)
    }

    @Test func `run settings and workflows say alike what cannot be read`() {
        let settings = RunSettings.load(path: "/nonexistent/r.yaml").problems.map(\.description)
        #expect(settings == ["/nonexistent/r.yaml:1:1  the file cannot be read, or does not exist"])
        #expect(Workflow.load(path: "/nonexistent/r.yaml").problems.map(\.description) == settings)
    }
}
