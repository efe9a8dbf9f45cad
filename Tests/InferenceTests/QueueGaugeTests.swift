import HTTP
import Testing

@testable import Inference

struct QueueGaugeTests {
    private func gauge(_ metrics: String? = nil, _ name: String? = nil) throws -> QueueGauge? {
        try Endpoint(url: EndpointURL("http://a.b:8000/v1"), queueMetrics: metrics, queueGaugeName: name).queueGauge
    }

    @Test func `vLLM has its metrics beside v1, NIM below it`() throws {
        #expect(try gauge()?.urls == ["http://a.b:8000/metrics", "http://a.b:8000/v1/metrics"])
        #expect(try gauge("http://m.b/x")?.urls == ["http://m.b/x"])
        #expect(try gauge("off") == nil)
        #expect(try Endpoint(url: EndpointURL("http://a.b"), dialect: .anthropic).queueGauge == nil)
    }

    @Test(arguments: [
        (#"vllm:num_requests_waiting{engine="0",model_name="m"} 7.0"#, 7),
        (#"num_requests_waiting{model_name="m"} 3"#, 3),
        ("num_requests_waiting 2 1700000000", 2),
        (#"vllm:num_requests_waiting{model_name="other"} 7.0"#, nil),
        (#"vllm:num_requests_waiting_by_reason{model_name="m"} 7.0"#, nil),
        ("# HELP vllm:num_requests_waiting Number of requests waiting.", nil),
        (#"vllm:num_requests_waiting{model_name="m"} NaN"#, nil),
        (#"vllm:num_requests_waiting{model_name="m"} -1"#, nil),
        (#"vllm:num_requests_waiting{model_name="m""#, nil),
        ("<html>", nil),
    ])
    func `calls that wait are read for one model`(_ line: String, _ waiting: Int?) throws {
        let gauge = try #require(try gauge())
        let text = "vllm:num_requests_running{model_name=\"m\"} 99\n\(line)\nother 1\n"
        #expect(gauge.waiting(in: Array(text.utf8), model: "m") == waiting)
    }

    @Test func `engines are summed, and another gauge may be named`() throws {
        let text = """
            queue_depth{model="m"} 4
            vllm:num_requests_waiting{engine="0",model_name="m"} 2
            vllm:num_requests_waiting{engine="1",model_name="m"} 5
            """
        #expect(try gauge()?.waiting(in: Array(text.utf8), model: "m") == 7)
        #expect(try gauge(nil, "queue_depth")?.waiting(in: Array(text.utf8), model: "m") == 4)
    }
}
