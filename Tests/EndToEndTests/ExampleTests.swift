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
            #expect(files.count >= 10)
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "2", "--reasoning", "--invalid-code-rate", "0.3"])
            try await cluster.startCoordinator()
            let endpoint = await cluster.rowsEndpoint
            let rows = """
                  - {name: logistics, endpoint: "\(endpoint)", provider_type: http}
                  - {name: tone, endpoint: "\(endpoint)", provider_type: http, remote_urls: ["http://tone-check:8080/check"]}

                """
            let providers = try String(contentsOfFile: cluster.providersFile, encoding: .utf8) + rows
            try Data(providers.utf8).write(to: URL(fileURLWithPath: cluster.providersFile))
            try await cluster.startWorker(["PATH": TestTools.path])
            var jobs: [(file: String, job: String)] = []
            for file in files {
                let text = try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
                if text.contains("validator_type: code"), !TestTools.areThere {
                    print("\(file) is left out: \(TestTools.howToInstall)")
                    continue
                }
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
