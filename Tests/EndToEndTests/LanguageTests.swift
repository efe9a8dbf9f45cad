import Foundation
import Glibc
import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Seed data, skip rules that propagate, drops and transforms, in a real cluster.
    @Suite(.serialized) struct LanguageTests {
        static let records = 2500
        static let rows = 1500

        static let workflow = """
            columns:
              - name: id
                column_type: sampler
                sampler_type: uuid
                params: {}
              - name: mood
                column_type: sampler
                sampler_type: category
                params: {values: [calm, angry]}
              - name: answer
                column_type: llm-text
                model_alias: writer
                prompt: "Answer {{ id }} {{ subject }}"
                skip: {when: "{{ priority == 'low' }}", value: ignored}
              - name: shorter
                column_type: llm-text
                model_alias: critic
                prompt: "Shorten {{ id }} {{ answer }}"
              - name: note
                column_type: expression
                expr: "{{ answer | length }}"
                dtype: int
              - name: mark
                column_type: expression
                expr: "{{ number }}-{{ priority }}"
                propagate_skip: false
            seed_config:
              source: {seed_type: local, path: tickets.csv}
              sampling_strategy: shuffle
              selection_strategy: {start: 100, end: 1399}
            processors:
              - name: chat
                processor_type: schema_transform
                template: {user: "{{ subject }}", assistant: "{{ answer }}", tags: ["{{ mood }}"]}
              - name: tidy
                processor_type: drop_columns
                column_names: [mood, "filler*"]
            model_configs:
              - {alias: writer, model: sim/writer, provider: nim-a, inference_parameters: {max_parallel_requests: 64}}
              - {alias: critic, model: sim/critic, provider: nim-b, inference_parameters: {max_parallel_requests: 64}}
            """

        /// 4 KiB a row, so that the data set has several pieces.
        static let tickets: String =
            "number,subject,priority,filler\n"
            + (0..<rows).map { number in
                "\(number),\"Ticket \(number), \"\"urgent\"\"\",\(number % 3 == 0 ? "low" : "high"),"
                    + String(repeating: "x", count: 4_000) + "\n"
            }.joined()

        private func submit(on cluster: TestCluster) async throws -> String {
            try Data(Self.tickets.utf8).write(to: URL(fileURLWithPath: "\(cluster.folder)/tickets.csv"))
            let job = try await cluster.submit(records: Self.records, workflow: Self.workflow)
            // What was submitted is frozen: the file may go.
            try FileManager.default.removeItem(atPath: "\(cluster.folder)/tickets.csv")
            return job
        }

        /// Every data file of an export by its path.
        private func files(of job: String, on cluster: TestCluster) async throws -> [String: Data] {
            _ = try await cluster.export(job)
            var files: [String: Data] = [:]
            for folder in ["jsonl-files", "dropped-columns-jsonl-files", "processors-files/chat"] {
                for name in try FileManager.default.contentsOfDirectory(atPath: "\(cluster.folder)/out/\(folder)") {
                    files["\(folder)/\(name)"] = try Data(
                        contentsOf: URL(fileURLWithPath: "\(cluster.folder)/out/\(folder)/\(name)"))
                }
            }
            return files
        }

        private func lines(_ files: [String: Data], in folder: String) throws -> [JSONValue] {
            try files.filter { $0.key.hasPrefix(folder) }.sorted { $0.key < $1.key }
                .flatMap { try $0.value.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) } }
        }

        private func check(_ files: [String: Data]) throws {
            let records = try lines(files, in: "jsonl-files")
            let dropped = try lines(files, in: "dropped-columns-jsonl-files")
            let chats = try lines(files, in: "processors-files/chat")
            #expect(records.count == Self.records && dropped.count == Self.records && chats.count == Self.records)
            var counts: [Int: Int] = [:]
            for (place, record) in records.enumerated() {
                let number = record["number"]?.intValue ?? -1
                counts[number, default: 0] += 1
                let isLow = number % 3 == 0
                let names = record.objectValue?.keys
                let isRight =
                    names == ["number", "subject", "priority", "id", "answer", "shorter", "note", "mark"]
                    && record["subject"] == .string("Ticket \(number), \"urgent\"")
                    && record["mark"] == .string("\(number)-\(isLow ? "low" : "high")")
                    && (record["answer"] == "ignored") == isLow && (record["shorter"] == .null) == isLow
                    && (record["note"] == .null) == isLow
                    && dropped[place].objectValue?.keys == ["filler", "mood"]
                    && chats[place]["user"] == record["subject"] && chats[place]["assistant"] == record["answer"]
                    && chats[place]["tags"]?[0] == dropped[place]["mood"]
                if !isRight {
                    Issue.record("record \(place) is wrong: \(record.serialized().prefix(400))")
                    return
                }
            }
            // 1,300 rows selected: the first cycle has each once, and no cycle any twice.
            #expect(counts.count == 1300 && counts.keys.allSatisfy { (100...1399).contains($0) })
            #expect(counts.values.allSatisfy { $0 == 1 || $0 == 2 })
        }

        @Test func `seeded, skipped and transformed records are the same after the owner was killed`() async throws {
            let calm = try await TestCluster.make()
            try await calm.startSimulator(["--latency-ms", "2"])
            try await calm.startCoordinator()
            try await calm.startWorker()
            let job = try await submit(on: calm)
            #expect(try await calm.wait(job) == 0)
            let expected = try await files(of: job, on: calm)
            // A second export keeps every file.
            let again = try await calm.coordinator(["export", job, "--to", "\(calm.folder)/out"])
            #expect(again.exit == 0 && again.errors.contains("(9 kept)"), "\(again.errors)")
            let asked = try await calm.simulatorTotal("ok")
            await calm.stop()
            try check(expected)

            let killed = try await TestCluster.make()
            try await killed.startSimulator()
            let owner = try await killed.startCoordinator()
            try await eventually("the first coordinator owns the partition") { owner.log.contains("started") }
            try await killed.startWorker()
            let second = try await submit(on: killed)
            try await killed.waitForRecords(200)
            try await killed.startCoordinator()
            owner.signal(SIGKILL)
            #expect(try await killed.wait(second) == 0)
            let actual = try await files(of: second, on: killed)
            let asked2 = try await killed.simulatorTotal("ok")
            await killed.stop()
            #expect(actual == expected)
            // Cells that were left out were never called for, not after a takeover either.
            let low = Double(Self.records) / 3
            #expect(Double(asked) < 2 * (Double(Self.records) - 0.9 * low))
            #expect(asked2 <= asked + 500)
        }
    }
}
