import ArgumentParser

@main
struct BenchTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tessera-bench", abstract: "Measures the whole system on this machine.",
        subcommands: [ThroughputBench.self, ThrottleBench.self, RecoveryBench.self, EnduranceBench.self],
        defaultSubcommand: ThroughputBench.self)
}
