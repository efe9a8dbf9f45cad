import JSON

/// A scene's figures, and its course for a chart.
struct ThrottleResult: Sendable {
    let trial: ThrottleTrial
    let run: ThrottleRun
    let figures: [ThrottleScene.Figure]

    var isReached: Bool { figures.allSatisfy(\.isReached) }

    var lines: [String] {
        ["\(trial.title)  \(isReached ? "reached" : "MISSED")"]
            + figures.map { figure in
                let bound = figure.bound.isEmpty ? "" : "  (\(figure.bound))\(figure.isReached ? "" : "  <--")"
                return "    \(figure.name)  \((figure.value * 100).rounded() / 100)\(bound)"
            }
    }

    var json: JSONValue {
        func number(_ value: Double) -> JSONValue { value.isFinite ? .number((value * 1000).rounded() / 1000) : .null }
        func list(_ values: [Int]) -> JSONValue { .array(values.map { .integer(Int64($0)) }) }
        return [
            "name": .string(run.scene.name), "reached": .bool(isReached),
            "figures": .array(
                figures.map { figure in
                    [
                        "name": .string(figure.name), "value": number(figure.value), "bound": .string(figure.bound),
                        "reached": .bool(figure.isReached),
                    ]
                }),
            "cells_by_worker": .object(
                JSONObject(run.cells.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })),
            "endpoint": [
                "served": list(run.served), "refused": list(run.refused), "requests": list(run.requests),
                "busy": .array(run.busy.map(number)),
            ],
            "limit": [
                "second": .array(run.moments.map { number($0.second) }), "limit": list(run.moments.map(\.limit)),
                "ceiling": list(run.moments.map(\.ceiling)), "in_flight": list(run.moments.map(\.inFlight)),
                "state": .array(run.moments.map { .string($0.state) }),
            ],
        ]
    }
}
