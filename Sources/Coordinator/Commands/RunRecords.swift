import Foundation
import JSON
import Store

/// What `run` remembers of its jobs, one small file each under the state directory: how they were answered, and
/// whether they were exported.
struct RunRecords {
    struct Record {
        let isSimulated: Bool
        /// The folder; nil until the job is exported.
        var exportedTo: String?
    }

    private let folder: String

    init(stateDirectory: String) { folder = "\(stateDirectory)/jobs" }

    /// Nil where there is none, as for a job of another version's `run`.
    func record(of job: JobID) -> Record? { record("\(job.rawValue).json") }

    func keep(_ record: Record, of job: JobID) throws(CommandFailure) {
        var object: JSONObject = ["simulated": .bool(record.isSimulated)]
        if let place = record.exportedTo { object["exported_to"] = .string(place) }
        let path = "\(folder)/\(job.rawValue).json"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(JSONValue.object(object).serializedBytes()).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure(.cannotWrite, "cannot write \(path)")
        }
    }

    /// The ids of jobs whose records were not exported yet, newest first.
    func notExported() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") && record($0).map { $0.exportedTo == nil } == true }
            .map { String($0.dropLast(".json".count)) }.sorted(by: >)
    }

    private func record(_ name: String) -> Record? {
        guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"),
            let value = try? JSONValue(parsing: Array(bytes)), let simulated = value["simulated"]?.boolValue
        else { return nil }
        return Record(isSimulated: simulated, exportedTo: value["exported_to"]?.stringValue)
    }
}
