import FoundationEssentials
import JSON
import JSONSchema

/// JSON Schema's official test suite: Debian's package json-schema-test-suite (drafts 3 to 7), or a folder of the same
/// layout that `JSON_SCHEMA_SUITE` names (with draft2019-09 and draft2020-12).
struct OfficialSuite {
    struct Tally {
        var passed = 0
        var total = 0
        var failures: [String] = []
    }

    let folder: String

    static let present: OfficialSuite? = {
        let named = ProcessInfo.processInfo.environment["JSON_SCHEMA_SUITE"]
        let folder = named ?? "/usr/share/json-schema-test-suite"
        return FileManager.default.fileExists(atPath: folder + "/tests") ? OfficialSuite(folder: folder) : nil
    }()

    var drafts: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/tests")) ?? [])
            .filter { $0.hasPrefix("draft") && !$0.hasSuffix("next") }.sorted()
    }

    /// Runs the files of a draft, as schemas of draft 2020-12 whatever the draft is.
    func run(_ draft: String, only names: Set<String>? = nil) throws -> Tally {
        var tally = Tally()
        let documents = try documents(draft)
        let path = "\(folder)/tests/\(draft)"
        for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() where name.hasSuffix(".json") {
            let title = String(name.dropLast(5))
            guard names?.contains(title) != false else { continue }
            let groups = try JSONValue(parsing: Self.bytes("\(path)/\(name)")).arrayValue ?? []
            for group in groups { run(group, title, documents, &tally) }
        }
        return tally
    }

    private func run(_ group: JSONValue, _ file: String, _ documents: [String: JSONValue], _ tally: inout Tally) {
        let schema = group["schema"].flatMap { try? JSONSchema($0, documents: documents) }
        for test in group["tests"]?.arrayValue ?? [] {
            tally.total += 1
            let isValid = schema.map { $0.violation(of: test["data"] ?? .null) == nil }
            if isValid == test["valid"]?.boolValue {
                tally.passed += 1
            } else {
                let name = "\(group["description"]?.stringValue ?? ""): \(test["description"]?.stringValue ?? "")"
                tally.failures.append("\(file): \(name)\(schema == nil ? " (the schema cannot be read)" : "")")
            }
        }
    }

    /// The documents that the suite serves to its tests, and the drafts' own schemas where the folder has them.
    private func documents(_ draft: String) throws -> [String: JSONValue] {
        var documents: [String: JSONValue] = [:]
        let remotes = folder + "/remotes"
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: remotes)) ?? []
        for file in files where file.hasSuffix(".json") {
            // Folders of other drafts have schemas of the same identifiers.
            if file.hasPrefix("draft"), !file.hasPrefix(draft + "/") { continue }
            documents["http://localhost:1234/\(file)"] = try? JSONValue(parsing: Self.bytes("\(remotes)/\(file)"))
        }
        let metaschemas = folder + "/metaschemas"
        for file in (try? FileManager.default.subpathsOfDirectory(atPath: metaschemas)) ?? [] {
            guard let document = try? JSONValue(parsing: Self.bytes("\(metaschemas)/\(file)")) else { continue }
            let id = (document["$id"] ?? document["id"])?.stringValue ?? ""
            documents[id.hasSuffix("#") ? String(id.dropLast()) : id] = document
        }
        return documents
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }
}
