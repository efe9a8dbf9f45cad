import FoundationEssentials
import Testing

@testable import Messages

/// Bodies written by another implementation (`protoc --encode`, 3.21): a worker in another language must be understood,
/// and what is in queues while a new version is installed. One that changes here breaks the contract.
struct GoldenBodyTests {
    @Test func `a task`() throws {
        var task = WireTask()
        task.partition = 3
        task.job = "01J"
        task.generation = 1_700_000_001
        task.sequence = 42
        task.column = 5
        task.spec = Data([1, 2])
        task.alone = true
        var first = WireTaskCell()
        first.record = 7
        first.attempt = 1
        first.inputs = [WireValue(), WireValue()]
        first.inputs[0].text = "garden"
        first.inputs[1].json = "[1,2]"
        var second = WireTaskCell()
        second.record = 8
        second.attempt = 2
        task.cells = [first, second]
        try check(
            task,
            """
            080110031a0330314a2081e2cfaa06282a30053a0201024217080710011a080a0667617264656e1a0712055b312c325d420408081002
            4801
            """)
    }

    @Test func `results`() throws {
        var cell = WireResultCell()
        cell.record = 7
        cell.attempt = 1
        cell.value.text = "a poem"
        cell.inputTokens = 11
        cell.outputTokens = 230
        cell.callMilliseconds = 420
        cell.calls = 1
        cell.finishReason = "stop"
        cell.sideValues = [WireValue()]
        cell.sideValues[0].json = "null"
        var dispatch = WireDispatchResults()
        dispatch.job = "01J"
        dispatch.generation = 1_700_000_001
        dispatch.sequence = 42
        dispatch.column = 5
        dispatch.cells = [cell]
        var results = WireResults()
        results.worker = "w1"
        results.dispatches = [dispatch]
        try check(
            results,
            """
            0801120277311a370a0330314a1081e2cfaa06182a20052a26080710011a080a066120706f656d200b28e60130a4033801420473746f
            704a0612046e756c6c
            """)
    }

    @Test func `salvage`() throws {
        var failed = WireSalvagedCell()
        failed.record = 7
        failed.attempt = 2
        failed.failed.kind = "server"
        failed.failed.message = "500"
        failed.failed.retryable = true
        failed.failed.httpStatus = 500
        failed.failed.calls = 1
        var returned = WireSalvagedCell()
        returned.record = 8
        returned.attempt = 1
        returned.returned.reason = "drain"
        var dispatch = WireDispatchSalvage()
        dispatch.job = "01J"
        dispatch.generation = 1_700_000_001
        dispatch.sequence = 42
        dispatch.column = 5
        dispatch.cells = [failed, returned]
        var salvage = WireSalvage()
        salvage.worker = "w1"
        salvage.dispatches = [dispatch]
        try check(
            salvage,
            """
            0801120277311a3a0a0330314a1081e2cfaa06182a20052a1a080710021a140a067365727665721203353030180120f40330012a0d08
            08100122070a05647261696e
            """)
    }

    @Test func `a request for a spec, and a new route`() throws {
        var request = WireRequest()
        request.spec = Data([255, 0])
        try check(request, "08011202ff00")
        var control = WireControl()
        control.route.provider = "nim-a"
        control.route.model = "meta/llama"
        control.route.maxParallelRequests = 64
        try check(control, "080112150a056e696d2d61120a6d6574612f6c6c616d611840")
    }

    @Test func `a beat`() throws {
        var route = WireRouteBeat()
        route.provider = "nim-a"
        route.model = "m"
        route.limitKey = "k"
        route.limit = 64
        route.share = 32
        route.inFlight = 30
        route.held = 40
        route.meanCallMilliseconds = 120
        var signal = WireSignal()
        signal.beat.worker = "w1"
        signal.beat.number = 9
        signal.beat.providers = ["nim-a"]
        signal.beat.routes = [route]
        try check(signal, "080112260a02773110092a056e696d2d6132170a056e696d2d6112016d1a016b20402820301e38284078")
    }

    @Test func `what a newer version added is kept, and another version of the contract is refused`() throws {
        // Field 2000, a varint of 5, at the end of a request.
        let newer = try bytes("08011202ff00") + [0x80, 0x7d, 0x05]
        let read = try WireRequest(decoding: newer)
        #expect(read.encoded() == newer)
        #expect(throws: WireError.self) { try WireRequest(decoding: try bytes("08021202ff00")) }
        #expect(throws: WireError.self) { try WireRequest(decoding: try bytes("1202ff00")) }
        #expect(throws: WireError.self) { try WireRequest(decoding: [0x08]) }
    }

    private func check<Message: WireMessage & Equatable>(_ message: Message, _ golden: String) throws {
        let body = try bytes(golden)
        var expected = message
        expected.version = 1
        #expect(try Message(decoding: body) == expected)
        #expect(message.encoded() == body)
    }

    private func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.filter { !$0.isWhitespace })
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...($0 + 1)]), radix: 16))
        }
    }
}
