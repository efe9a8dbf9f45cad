import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// The workflows of `examples/`, on the simulator.
    @Suite(.serialized) struct ExampleTests {
        static let folder = PackageFolder.path("examples")

        private static func files(_ isWanted: (String) -> Bool) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") && isWanted($0) }
                .sorted()
        }

        @Test func `every example runs, and every record has every column`() async throws {
            let files = try Self.files { !$0.hasPrefix("providers") }
            #expect(files.count >= 9)
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "2", "--reasoning"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            var jobs: [(file: String, job: String)] = []
            for file in files {
                let text = try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
                jobs.append((file, try await cluster.submit(records: 5, workflow: text)))
            }
            for (file, job) in jobs {
                let exit = try await cluster.wait(job)
                #expect(exit == 0, "\(file)")
                let lines = try await cluster.export(job, to: file).split(separator: UInt8(ascii: "\n"))
                #expect(lines.count == 5, "\(file)")
                for line in lines {
                    let record = try JSONValue(parsing: Array(line))
                    #expect(record.objectValue?.allSatisfy { !$0.value.isNull } == true, "\(file): \(record)")
                }
            }
            await cluster.stop()
        }
    }
}
