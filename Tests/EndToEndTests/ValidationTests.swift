import Foundation
import JSON
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    /// Columns that tools and endpoints make, several cells at a time.
    @Suite(.serialized) struct ValidationTests {
        static let checked = """
            columns:
              - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: code, column_type: llm-code, code_lang: python, model_alias: writer, prompt: "Code {{ id }}"}
              - {name: query, column_type: llm-code, code_lang: "sql:postgres", model_alias: writer, prompt: "Query {{ id }}"}
              - name: lint
                column_type: validation
                target_columns: [code]
                validator_type: code
                validator_params: {code_lang: python}
              - name: parses
                column_type: validation
                target_columns: [query]
                validator_type: code
                validator_params: {code_lang: "sql:postgres"}
                batch_size: 25
              - {name: verdict, column_type: expression, expr: "{{ lint.is_valid and parses.is_valid }}", dtype: bool}
            model_configs:
              - {alias: writer, model: sim/writer, provider: nim-a, inference_parameters: {max_parallel_requests: 64}}
            """

        @Test(.enabled(if: TestTools.areThere, "\(TestTools.howToInstall)"))
        func `a job waits for a worker with the tools, says so, and is checked by it in batches`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "2", "--invalid-code-rate", "0.2"])
            try await cluster.startCoordinator()
            try await cluster.startWorker(["PATH": TestTools.pathWithout])
            let job = try await cluster.submit(records: 120, workflow: Self.checked)
            try await eventually("the job says what it waits for", within: .seconds(60)) {
                let status = try await cluster.status(job)
                let reason = status["reason"]?.stringValue ?? ""
                return status["state"] == "waiting"
                    && reason.hasPrefix("no worker has ruff: install it with pip install")
                    && reason.hasSuffix("without it: w1")
            }
            // The other worker stays: it makes what needs no tool.
            try await cluster.startWorker(["PATH": TestTools.path])
            let exit = try await cluster.wait(job)
            let bytes = try await cluster.export(job)
            let calls = try await cluster.pool.run(
                Statement(
                    "select column_number, sum(calls)::bigint, sum(stored)::bigint from usage group by 1 order by 1"))
            let metadata = try JSONValue(
                parsing: Array(try Data(contentsOf: URL(fileURLWithPath: "\(cluster.folder)/out/metadata.json"))))
            await cluster.stop()

            #expect(exit == 0)
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 120)
            var invalid = 0
            for line in lines {
                let record = try JSONValue(parsing: Array(line))
                // What the simulator breaks, the tools must find; and nothing else.
                let isBroken = [
                    record["code"]?.stringValue?.hasPrefix("ANSWER = (") == true,
                    record["query"]?.stringValue?.contains(",,") == true,
                ]
                let lint = try #require(record["lint"])
                #expect(lint["is_valid"] == .bool(!isBroken[0]), "\(record)")
                #expect(lint["python_linter_severity"] == (isBroken[0] ? "fatal" : "none"))
                #expect(lint["python_linter_score"]?.doubleValue == (isBroken[0] ? 0 : 10))
                #expect(record["parses"]?["is_valid"] == .bool(!isBroken[1]), "\(record)")
                #expect(record["verdict"] == .bool(!isBroken.contains(true)))
                invalid += isBroken[0] ? 1 : 0
            }
            #expect((5...60).contains(invalid), "the simulator broke \(invalid) of 120")
            for row in 0..<calls.count {
                let (column, made, stored) = (
                    try calls[row].int64(0), try calls[row].int64(1), try calls[row].int64(2)
                )
                #expect(stored == 120)
                // Cells come to a tool as models make them; even so, no tool is started for each.
                if column >= 3 { #expect(made < 100, "column \(column) took \(made) runs") }
            }
            let statistics = metadata["column_statistics"]?.arrayValue?.first { $0["column_name"] == "lint" }
            #expect(statistics?["num_valid_records"]?.intValue == 120 - invalid)
        }

        @Test func `a tool that dies or hangs with a record costs that record, and no other`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startCoordinator()
            let folder = "\(cluster.folder)/tools"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // Says of everything that it is clean, but of one text, which ends it.
            let script = """
                #!/bin/sh
                [ "$1" = --version ] && { echo "ruff 9"; exit; }
                grep -q FATAL *.py && kill -9 $$
                echo '[]'
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: "\(folder)/ruff"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/ruff")
            try cluster.writeProviders(endpoint: "http://127.0.0.1:9/v1")
            try await cluster.startWorker(["PATH": "\(folder):\(TestTools.pathWithout)"])
            let workflow = """
                columns:
                  - {name: code, column_type: sampler, sampler_type: category, params: {values: [x = 1, y = 2, FATAL], weights: [10, 10, 1]}}
                  - {name: lint, column_type: validation, target_columns: [code], validator_type: code, validator_params: {code_lang: python}}
                """
            let job = try await cluster.submit(records: 200, workflow: workflow)
            #expect(try await cluster.wait(job) == 2)
            let status = try await cluster.status(job)
            let bytes = try await cluster.export(job)
            let dropped = try await cluster.pool.run(
                Statement(
                    "select count(*)::bigint, min(attempt)::bigint, max(attempt)::bigint from failures where kind = 'closed_early'"
                ))
            let failed = try dropped[0].int64(0)
            await cluster.stop()

            let reasons = status["drop_reasons"]?.arrayValue ?? []
            let count = reasons.reduce(0) { $0 + ($1["records"]?.intValue ?? 0) }
            #expect((1...40).contains(count))
            #expect(reasons.allSatisfy { $0["kind"]?.stringValue == "closed_early" })
            #expect(try dropped[0].int64(2) == 3 && failed >= Int64(3 * count))
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 200 - count)
            for line in lines {
                let record = try JSONValue(parsing: Array(line))
                #expect(record["code"] != "FATAL" && record["lint"]?["is_valid"] == true)
            }
        }

        static let rows = """
            columns:
              - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: n, column_type: sampler, sampler_type: category, params: {values: [1, 2, 3]}}
              - name: place
                column_type: http
                provider: places
                required_columns: [id, n]
                side_effect_columns: [latitude]
                params: {precision: 2}
                batch_size: 7
              - name: ok
                column_type: validation
                target_columns: [place, latitude]
                validator_type: remote
                validator_params: {endpoint_url: "http://checks.example/v", max_parallel_requests: 2, max_retries: 1, retry_backoff: 1.5}
              - {name: label, column_type: expression, expr: "{{ latitude }}/{{ ok.is_valid }}"}
            """

        @Test func `an endpoint makes columns from rows, and another checks them`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5", "--keep-requests", "20000", "--keep-bodies"])
            try await cluster.startCoordinator()
            // A worker that knows neither endpoint: the job waits, and says for what.
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 150, workflow: Self.rows)
            try await eventually("the job says what it waits for", within: .seconds(60)) {
                try await cluster.status(job)["reason"]?.stringValue?.hasPrefix("no worker serves provider places")
                    == true
            }
            let endpoint = await cluster.rowsEndpoint
            let providers = "\(cluster.folder)/rows.yaml"
            let text = """
                providers:
                  - {name: places, endpoint: "\(endpoint)", provider_type: http, max_parallel_requests: 3}
                  - {name: checks, endpoint: "\(endpoint)", provider_type: http, remote_urls: ["http://checks.example/v"]}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: providers))
            try await cluster.startWorker(providers: providers)
            let exit = try await cluster.wait(job)
            let bytes = try await cluster.export(job)
            let requests = try await cluster.requests().compactMap { $0["body"] }
            await cluster.stop()

            #expect(exit == 0)
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 150)
            for line in lines {
                let record = try JSONValue(parsing: Array(line))
                #expect(record.objectValue?.keys == ["id", "n", "place", "latitude", "ok", "label"])
                func hash(_ members: [String]) -> String {
                    let row = JSONObject(members.map { ($0, record[$0] ?? .null) })
                    return "echo=\(Echo.hash(of: JSONValue.object(row).serialized()))"
                }
                #expect(record["place"]?.stringValue == hash(["id", "n"]), "another record's row")
                #expect(record["latitude"] == record["place"])
                #expect(record["ok"]?["checked"]?.stringValue == hash(["place", "latitude"]))
                #expect(
                    record["label"]?.stringValue?.hasSuffix(record["ok"]?["is_valid"] == true ? "/True" : "/False")
                        == true)
            }
            let made = requests.filter { $0["columns"] == ["place", "latitude"] }
            #expect(!made.isEmpty && made.count < 150)
            #expect(made.allSatisfy { $0["params"] == ["precision": 2] && ($0["data"]?.arrayValue?.count ?? 9) <= 7 })
            #expect(requests.count > made.count)
        }

        @Test func `a row that an endpoint fails is retried alone, and a validator's has no verdict`() async throws {
            let cluster = try await TestCluster.make()
            // Every request that holds this number fails, with whatever is in its batch.
            try await cluster.startSimulator(["--latency-ms", "2", "--error-on", "500:\"n\":\"3\""])
            try await cluster.startCoordinator()
            let endpoint = await cluster.rowsEndpoint
            let providers = "\(cluster.folder)/rows.yaml"
            let text = """
                providers:
                  - {name: places, endpoint: "\(endpoint)", provider_type: http}
                  - {name: checks, endpoint: "\(endpoint)", provider_type: http, remote_urls: ["http://checks.example/v"]}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: providers))
            try await cluster.startWorker(providers: providers)
            let workflow = """
                columns:
                  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: n, column_type: sampler, sampler_type: category, params: {values: ["1", "2", "3"], weights: [12, 12, 1]}}
                  - {name: ok, column_type: validation, target_columns: [id, n], batch_size: 1, validator_type: remote, validator_params: {endpoint_url: "http://checks.example/v", max_retries: 0}}
                  - {name: place, column_type: http, provider: places, required_columns: [id, n]}
                """
            let job = try await cluster.submit(records: 100, workflow: workflow, arguments: ["--keep-failed"])
            _ = try await cluster.wait(job)
            let bytes = try await cluster.export(job)
            await cluster.stop()
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 100)
            var failed = 0
            for line in lines {
                let record = try JSONValue(parsing: Array(line))
                let fails = record["n"] == "3"
                failed += fails ? 1 : 0
                #expect((record["place"]?.isNull == true) == fails, "\(record)")
                #expect(record["ok"]?["is_valid"]?.isNull == fails, "\(record)")
            }
            #expect(failed > 0)
        }
    }
}
