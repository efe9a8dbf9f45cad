import Collecting
import Foundation
import Generation
import HTTP
import Inference
import JSON
import Previewing
import Store
import Testing
import Workflow

/// What Data Designer asked of models in whole workflows, and what it made of the answers: `make test-differential`
/// says how the corpus is made.
struct RequestCorpusTests {
    private struct Case {
        let number: Int
        let workflow: Workflow
        let rows: [JSONValue]
        let settings: RunSettings
        let records: JSONObject
        let requests: JSONObject
        let answers: JSONObject
    }

    private static let seedColumns = ["id", "word", "num", "flag", "pic"]

    private static func cases() throws -> [Case] {
        let url = try #require(Bundle.module.url(forResource: "Corpus/requests", withExtension: "jsonl"))
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
            let line = try JSONValue(parsing: String(line))
            let given = try #require(line["case"])
            var file = try #require(given["workflow"]?.objectValue)
            file["seed_config"] = ["source": ["seed_type": "local", "path": "rows.jsonl"]]
            let loaded = Workflow.load(
                text: JSONValue.object(["data_designer": .object(file)]).serialized(), name: "case", format: .json,
                seedColumns: seedColumns)
            var settings = RunSettings()
            settings.maximumRestarts = given["settings"]?["max_conversation_restarts"]?.intValue ?? 5
            settings.maximumCorrections = given["settings"]?["max_conversation_correction_steps"]?.intValue ?? 0
            return Case(
                number: given["number"]?.intValue ?? -1,
                workflow: try #require(loaded.workflow, "\(loaded.problems)"),
                rows: try #require(given["rows"]?.arrayValue), settings: settings,
                records: try #require(line["records"]?.objectValue),
                requests: try #require(line["requests"]?.objectValue),
                answers: try #require(line["answers"]?.objectValue))
        }
    }

    @Test func `models are asked what the library asks, and answers become what they become there`() throws {
        let endpoint = try #require(
            try ProviderTable(serving: ["p"], at: "http://localhost/v1").resolve(environment: [:]).first
        ).endpoint
        let cases = try Self.cases()
        #expect(cases.count >= 40)
        var asked = 0
        for test in cases {
            var machine = try Self.machine(test)
            let requests = Self.run(&machine, test, endpoint)
            asked += requests.values.reduce(0) { $0 + $1.count }
            Self.compare(machine, requests, test)
        }
        #expect(asked > 200)
    }

    private static func machine(_ test: Case) throws -> PreviewStateMachine {
        let job = Job.unstored(
            workflow: "{}", fingerprint: "", seed: 1, generatorVersion: 1, records: Int64(test.rows.count),
            runConfig: test.settings.stored)
        return try PreviewStateMachine(
            JobBlueprint(unstored: job, workflow: test.workflow),
            seedColumns: seedColumns.compactMap { test.workflow.columnIndex($0) },
            seedRows: test.rows.map { row in seedColumns.map { row[$0] ?? .null } }, chance: 1)
    }

    /// Answers every call as the library was answered; the bodies by cell.
    private static func run(
        _ machine: inout PreviewStateMachine, _ test: Case, _ endpoint: Endpoint
    ) -> [String: [JSONValue]] {
        let now = ContinuousClock.now
        var requests: [String: [JSONValue]] = [:]
        while true {
            let calls = machine.round(now)
            if calls.isEmpty { return requests }
            for call in calls {
                guard case .conversation(let conversation) = call.work else { continue }
                let ask = conversation.ask
                let bytes = ModelRequest(call.column.parameters, to: endpoint).request(ask).body
                let body = (try? JSONValue(parsing: bytes)) ?? .null
                let key = NormalBody.key(of: body)
                let answer = test.answers[key]?[requests[key]?.count ?? 0]
                requests[key, default: []].append(NormalBody.of(body))
                if let reply = answer?[1], answer?[0] == 200 {
                    machine.ended(call.id, CallOutcome(reading: reply.serializedBytes(), of: ask), at: now)
                } else {
                    machine.ended(call.id, .failed(CallFailure(kind: .badRequest, message: "no")), at: now)
                }
            }
        }
    }

    private static func compare(
        _ machine: PreviewStateMachine, _ requests: [String: [JSONValue]], _ test: Case
    ) {
        #expect(machine.isFinished, "case \(test.number)")
        var dropped: Set<String> = []
        for (row, record) in zip(test.rows, machine.results) {
            let id = row["id"]?.stringValue ?? ""
            if record.drop != nil { dropped.insert(id) }
            #expect((record.drop == nil) == (test.records[id] != nil), "case \(test.number), record \(id)")
            for (name, wanted) in test.records[id]?.objectValue ?? [:] where name != "id" && record.drop == nil {
                let number = test.workflow.valueIndex(name) ?? 0
                #expect(
                    value(record.values[number] ?? .null, name) == NormalBody.plain(wanted),
                    "case \(test.number), record \(id), column \(name)")
            }
        }
        for key in Set(requests.keys).union(test.requests.keys) {
            let (ours, theirs) = (requests[key] ?? [], test.requests[key]?.arrayValue?.map(NormalBody.plain) ?? [])
            // How far a record came that was dropped in the end depends on which of its cells was called first.
            let isOfDropped =
                dropped.contains { key.hasSuffix(" \($0)") } || key.hasPrefix("embeddings") && !dropped.isEmpty
            let count = isOfDropped ? min(ours.count, theirs.count) : max(ours.count, theirs.count)
            #expect(Array(ours.prefix(count)) == Array(theirs.prefix(count)), "case \(test.number), cell \(key)")
        }
    }

    private static func value(_ value: JSONValue, _ name: String) -> JSONValue {
        guard name.hasSuffix("__trace"), let messages = value.arrayValue else { return NormalBody.plain(value) }
        return NormalBody.plain(.array(messages.map(NormalBody.message)))
    }
}
