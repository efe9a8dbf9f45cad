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

    private func job(_ number: Int64, runConfig: String = "{}", caps: String = "{}") -> Job {
        Job(
            number: JobNumber(rawValue: number), id: JobID(rawValue: "J\(number)"), name: "j", partition: 0, storage: 0,
            workflow: Self.workflow, fingerprint: "", seed: 1, generatorVersion: 1, requested: 10, groupSize: 10,
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
}
