import Glibc
import Testing

@testable import Telemetry

struct SignalStreamTests {
    @Test func `signals arrive in order and do not end the process`() async {
        let stream = SignalStream.terminations()
        kill(getpid(), SIGTERM)
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next() == .terminate)
        kill(getpid(), SIGINT)
        #expect(await iterator.next() == .interrupt)
        #expect(TerminationSignal.terminate.exitCode == 143)

        // The signals have one owner: a second stream has nothing to say.
        var second = SignalStream.terminations().makeAsyncIterator()
        #expect(await second.next() == nil)
    }

    @Test func `a write to a closed pipe is an error`() {
        SignalStream.ignoreBrokenPipes()
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        #expect(write(ends[1], "x", 1) == -1)
        #expect(errno == EPIPE)
        close(ends[1])
    }
}
