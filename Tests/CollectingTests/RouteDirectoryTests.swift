import Messages
import Scheduling
import Testing

@testable import Collecting
@testable import Store

struct RouteDirectoryTests {
    private static let workflow = """
        {"columns": [
            {"name": "id", "column_type": "sampler", "sampler_type": "uuid", "params": {}},
            {"name": "a", "column_type": "llm-text", "model_alias": "w", "prompt": "{{ id }}"},
            {"name": "v", "column_type": "embedding", "model_alias": "e", "target_column": "a"}],
         "model_configs": [
            {"alias": "w", "model": "m", "provider": "p", "inference_parameters": {"max_parallel_requests": 8}},
            {"alias": "e", "model": "m", "provider": "p",
             "inference_parameters": {"generation_type": "embedding", "max_parallel_requests": 3}}]}
        """

    private static let batched = """
        {"columns": [
            {"name": "id", "column_type": "sampler", "sampler_type": "uuid", "params": {}},
            {"name": "l", "column_type": "validation", "target_columns": ["id"], "batch_size": 20,
             "validator_type": "code", "validator_params": {"code_lang": "python"}},
            {"name": "r", "column_type": "validation", "target_columns": ["id"], "validator_type": "remote",
             "validator_params": {"endpoint_url": "http://c/x", "max_parallel_requests": 2}},
            {"name": "h", "column_type": "http", "provider": "geo", "required_columns": ["id"], "batch_size": 5000,
             "max_parallel_requests": 3}]}
        """

    private func job(
        _ number: Int64, runConfig: String = "{}", caps: String = "{}", workflow: String = Self.workflow
    ) -> Job {
        Job(
            number: JobNumber(rawValue: number), id: JobID(rawValue: "J\(number)"), name: "j", partition: 0, storage: 0,
            workflow: workflow, fingerprint: "", seed: 1, generatorVersion: 1, requested: 10, groupSize: 10,
            priority: 4, salvageMaximumRounds: 2, maximumParallel: caps, runConfig: runConfig, keepsFailed: false,
            formerEnds: [], secondsLeft: nil, maximumTokens: nil, state: .running, reason: "", seedData: nil,
            isStopping: false)
    }

    private func outline(_ number: Int64, caps: String = "{}") -> JobOutline {
        JobOutline(
            number: JobNumber(rawValue: number), id: JobID(rawValue: "J\(number)"), priority: 4, state: .running,
            isStopping: false, secondsLeft: nil, maximumTokens: nil, maximumParallel: caps)
    }

    @Test func `each kind of request is a route of its own`() {
        var directory = RouteDirectory()
        let news = directory.update([outline(1)], news: [job(1)], givenUp: [])
        #expect(news.map(\.route.description) == ["p/m", "p/m#embedding"])
        #expect(news.map(\.maxParallelRequests) == [8, 3])
        #expect(news.map(\.limits) == [.defaults, .defaults])
    }

    @Test func `of the jobs on a route the highest cap and the most careful parameters hold`() {
        var directory = RouteDirectory()
        _ = directory.update([outline(1)], news: [job(1)], givenUp: [])
        let second = job(
            2, runConfig: #"{"throttle": {"reduce_factor": 0.5, "success_window": 5}}"#, caps: #"{"w": 2}"#)
        let news = directory.update([outline(1), outline(2, caps: #"{"w": 2}"#)], news: [second], givenUp: [])
        #expect(news.map(\.route.description) == ["p/m", "p/m#embedding"], "their parameters changed")
        #expect(news.first?.maxParallelRequests == 8)
        #expect(news.first?.limits.reduceFactor == 0.5)
        #expect(news.first?.limits.successWindow == 25)
        let rest = directory.update([outline(2, caps: #"{"w": 2}"#)], news: [], givenUp: [])
        #expect(rest.first?.maxParallelRequests == 2)
        #expect(rest.first?.limits.successWindow == 5)
    }

    @Test func `a cap that is set while the job runs is announced`() {
        var directory = RouteDirectory()
        _ = directory.update([outline(1)], news: [job(1)], givenUp: [])
        let news = directory.update([outline(1, caps: #"{"w": 32}"#)], news: [], givenUp: [])
        #expect(news.map(\.maxParallelRequests) == [32])
        #expect(directory.update([outline(1, caps: "{}")], news: [], givenUp: []).map(\.maxParallelRequests) == [8])
    }

    @Test func `tools and endpoints have routes, whose credit is in cells`() throws {
        var directory = RouteDirectory()
        let news = directory.update([outline(1)], news: [job(1, workflow: Self.batched)], givenUp: [])
        #expect(news.map(\.route.description) == ["geo/http", "remote/http://c/x", "tools/ruff"])
        #expect(news.map(\.maxParallelRequests) == [3, 2, 1_000_000])
        var beat = WireBeat()
        beat.worker = "w"
        beat.number = 1
        beat.routes = ["geo/http", "tools/ruff"].map { name in
            var route = WireRouteBeat()
            (route.provider, route.model) = (String(name.prefix { $0 != "/" }), String(name.split(separator: "/")[1]))
            route.share = 2
            route.operatorCap = name == "tools/ruff"
            return route
        }
        var workers = WorkersView()
        _ = workers.heard(beat, at: .now)
        let board = directory.board(workers)
        // A call holds a batch: 2 x 1000 (as much as a batch may have), and 2 x 20.
        #expect(board.shares["geo/http"] == 2000 && board.shares["tools/ruff"] == 40)
        #expect(board.served == ["geo/http", "tools/ruff"])
        let uses = try JobBlueprint(job: job(1, workflow: Self.batched)).routes(caps: "{}")
        #expect(board.bound(of: uses, on: "tools/ruff") == nil)
        var busier = board
        busier.caps["geo/http"] = 9
        #expect(busier.bound(of: uses, on: "geo/http") == 3000)
    }
}
