import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
    @Suite(.serialized) struct WorkersTests {
        private func workers(_ cluster: TestCluster) async throws -> [JSONValue] {
            let answer = try await cluster.coordinator(["workers", "list", "-o", "json"])
            return try JSONValue(parsing: answer.output)["workers"]?.arrayValue ?? []
        }

        @Test func `workers are listed, shown, and drained without charging anybody`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "300"])
            try await cluster.startCoordinator()
            let first = try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 150)
            try await eventually("both work") {
                try await workers(cluster).filter { $0["in_flight"]?.intValue ?? 0 > 0 }.count == 2
            }
            let one = try #require(try await workers(cluster).first)
            #expect(one["worker"]?.stringValue == "w1" && one["state"]?.stringValue == "serving")
            #expect(one["providers"]?.arrayValue == ["nim-a", "nim-b"])
            #expect(one["version"]?.stringValue?.isEmpty == false && one["host"]?.stringValue?.isEmpty == false)
            let shown = try await cluster.coordinator(["workers", "show", "w1"])
            #expect(shown.output.contains("nim-a/sim/writer"))
            #expect(try await cluster.coordinator(["workers", "show", "nobody"]).exit == 4)

            let drained = try await cluster.coordinator(["workers", "drain", "w1", "--timeout", "50s"])
            #expect(drained.exit == 0, "\(drained.errors)")
            #expect(await first.exit() == 0)
            let left = try await workers(cluster).map { [$0["worker"]?.stringValue, $0["state"]?.stringValue] }
            #expect(left == [["w1", "drained"], ["w2", "serving"]])
            let unknown = try await cluster.coordinator(["workers", "drain", "w1"])
            #expect(unknown.exit == 4 && unknown.errors.contains("These do: w2"))

            #expect(try await cluster.wait(job) == 0)
            let status = try await cluster.status(job)
            #expect(status["records"]?["completed"]?.intValue == 150)
            #expect(status["attempts"]?["failed"]?.intValue == 0)
            #expect(try await cluster.simulatorTotal("repeated_prompts") == 0, "what ran was finished, not repeated")
            #expect(try await cluster.coordinator(["workers", "drain", "--all"]).exit == 0)
            #expect(try await workers(cluster).map { $0["state"]?.stringValue } == ["drained", "drained"])
            #expect(try await cluster.coordinator(["workers", "show", "w1"]).output.hasPrefix("worker w1  drained"))
            try await eventually("nobody serves a route", within: .seconds(8)) {
                try await cluster.coordinator(["routes"]).output == "no worker serves a route now\n"
            }
            await cluster.stop()
        }

        @Test func `a report says what was made, as does the export's metadata`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let settings = "\(cluster.folder)/run.yaml"
            try Data("buffer_size: 40\n".utf8).write(to: URL(fileURLWithPath: settings))
            let job = try await cluster.submit(records: 200, arguments: ["--run-config", settings])
            #expect(try await cluster.wait(job) == 0)
            let answer = try await cluster.coordinator(["report", job, "-o", "json"])
            let report = try JSONValue(parsing: answer.output)
            #expect(report["schema"]?.stringValue == "report/v1" && report["num_records"]?.intValue == 200)
            // The report is made of sketches; the data says what they must come to.
            let lines = try await cluster.export(job).split(separator: UInt8(ascii: "\n"))
            let records = try lines.map { try JSONValue(parsing: Array($0)) }
            let columns = report["column_statistics"]?.arrayValue ?? []
            let names = columns.compactMap { $0["column_name"]?.stringValue }
            #expect(names.contains("mood"), "dropped columns, too")
            for column in columns {
                let name = try #require(column["column_name"]?.stringValue)
                #expect(column["num_records"]?.intValue == 200 && column["num_null"]?.intValue == 0, "\(name)")
                guard name != "mood" else { continue }
                let values = records.compactMap { $0[name] }
                #expect(column["num_unique"]?.intValue == Set(values).count, "\(name)")
                if let mean = column["characters"]?["mean"]?.doubleValue {
                    let lengths = values.compactMap { $0.stringValue?.unicodeScalars.count }
                    #expect(abs(mean - Double(lengths.reduce(0, +)) / 200) < 0.006, "\(name)")
                }
            }
            let stars = try #require(columns.first { $0["column_name"]?.stringValue == "stars" })
            #expect(stars["simple_dtype"]?.stringValue == "int")
            let numbers = records.compactMap { $0["stars"]?.doubleValue }
            #expect(stars["distribution"]?["max"]?.doubleValue == numbers.max())
            let topic = try #require(columns.first { $0["column_name"]?.stringValue == "topic" })
            let counts = topic["distribution"]?["histogram"]?["counts"]?.arrayValue?.compactMap(\.intValue) ?? []
            #expect(counts.reduce(0, +) == 200 && counts.count == 3)
            let calls = report["models"]?.arrayValue?.compactMap { $0["calls"]?.intValue } ?? []
            #expect(calls == [400, 200])
            let metadata = try JSONValue(
                parsing: Array(Data(contentsOf: URL(fileURLWithPath: "\(cluster.folder)/out/metadata.json"))))
            #expect(metadata["report"] == report)
            #expect(metadata["column_statistics"] == report["column_statistics"])
            #expect(try await cluster.coordinator(["report", job]).output.contains("nim-a/sim/writer"))
            await cluster.stop()
        }
    }
}
