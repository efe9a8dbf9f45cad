/// One run of a scene: against one simulator, under one law.
struct ThrottleTrial: Sendable {
    /// Names its provider; unique among the trials of a run.
    let number: Int
    let scene: ThrottleScene
    let simulator: ThrottleSimulator
    /// cluster, or documented.
    let law: String

    var title: String { "\(scene.name)  (\(simulator.name), \(law))" }
}

/// An inference server to run.
struct ThrottleSimulator: Hashable, Sendable {
    /// `shipped`, or what the program's file is called.
    let name: String
    /// Nil: the shipped one.
    let path: String?

    init(_ text: String) {
        path = text == "shipped" ? nil : text
        name = path.map { String($0.split(separator: "/").last ?? "") } ?? "shipped"
    }
}
