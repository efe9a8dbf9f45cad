import Testing

@testable import Workflow

struct RunSettingsTests {
    private func load(_ text: String) -> RunSettings.Loaded {
        RunSettings.load(text: text, name: "r.yaml", format: .yaml)
    }

    /// Every field of the library, with its default.
    private static let all = """
        disable_early_shutdown: false
        shutdown_error_rate: 0.5
        shutdown_error_window: 10
        buffer_size: 500
        max_concurrent_row_groups: 3
        max_in_flight_tasks: 1024
        non_inference_max_parallel_workers: 4
        max_conversation_restarts: 2
        max_conversation_correction_steps: 1
        async_trace: false
        write_scheduler_events: false
        display_tui: false
        progress_interval: 5.0
        progress_bar: null
        otel_metrics_port: null
        preserve_dropped_columns: true
        jinja_rendering_engine: secure
        request_admission: {multiplicative_decrease_factor: 0.75, additive_increase_step: 1, successes_until_increase: 25,
          cooldown_seconds: 2.0, startup_ramp_seconds: 0}
        throttle: null
        """

    @Test func `every field is taken, and what does nothing is said once`() throws {
        let loaded = load(Self.all)
        #expect(loaded.problems.isEmpty)
        let settings = try #require(loaded.settings)
        #expect((settings.bufferSize, settings.maximumRestarts, settings.maximumCorrections) == (500, 2, 1))
        #expect((settings.shutdownErrorRate, settings.shutdownErrorWindow) == (0.5, 10))
        #expect(loaded.notes.count == 11)
        #expect(settings.throttle.reduceFactor == 0.75 && settings.throttle.successWindow == 25)
        #expect(
            loaded.notes.first?.description.hasSuffix(
                "max_concurrent_row_groups is taken and does nothing: "
                    + "row groups are begun as the endpoints need them, within bounds of memory") == true)
    }

    @Test func `nothing set is Data Designer's default`() {
        #expect(load("{}").settings == RunSettings())
        #expect(RunSettings().maximumRestarts == 5)
    }

    @Test(arguments: [
        "buffer_size: 0", "max_conversation_restart: 1", "max_conversation_restarts: -1",
        "max_conversation_restarts: many",
        "jinja_rendering_engine: jinja1", "shutdown_error_rate: 2", "[]", "max_conversation_correction_steps: 1000",
        "throttle: {reduce_factor: 1.5}", "throttle: {reduce_facto: 0.5}", "throttle: {additive_increase: 0}",
        "{throttle: {start: 2}, request_admission: {cooldown_seconds: 1}}", "throttle: {law: aimd}",
        "throttle: {reduce_factor: 0.5, multiplicative_decrease_factor: 0.6}", "throttle: {cooldown_seconds: -1}",
        "throttle: {queue_target: 0}", "throttle: {breaker_seconds: 0}", "throttle: {salvage_max_rounds: 101}",
    ])
    func `what cannot be is a problem`(text: String) {
        let loaded = load(text)
        #expect(loaded.settings == nil && loaded.problems.count == 1)
    }

    @Test func `limits are taken by either of their names, and stored`() throws {
        let documented = try #require(
            load(
                """
                throttle: {reduce_factor: 0.5, additive_increase: 2, success_window: 50, cooldown_seconds: 4,
                  ceiling_overshoot: 0.2, rampup_seconds: 30, start: 8, breaker_seconds: 10, queue_target: 3,
                  max_throttled_seconds: 90, salvage_max_rounds: 5, law: documented}
                """
            ).settings)
        #expect(documented.maximumThrottledSeconds == 90 && documented.salvageMaximumRounds == 5)
        #expect(documented.throttle.isDocumented && documented.throttle.queueTarget == 3)
        #expect(RunSettings(stored: documented.stored) == documented)
        let newer = try #require(
            load(
                """
                request_admission: {multiplicative_decrease_factor: 0.5, additive_increase_step: 2,
                  successes_until_increase: 50, cooldown_seconds: 4, startup_ramp_seconds: 30}
                """
            ).settings?.throttle)
        var same = documented.throttle
        (same.ceilingOvershoot, same.start, same.breakerSeconds, same.queueTarget) = (nil, nil, nil, nil)
        same.isDocumented = false
        #expect(newer == same)
    }

    @Test func `settings come back as they were stored`() throws {
        let settings = try #require(load(Self.all).settings)
        #expect(RunSettings(stored: settings.stored) == settings)
        #expect(RunSettings(stored: "{}") == RunSettings())
    }
}
