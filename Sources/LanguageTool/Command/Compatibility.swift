import ArgumentParser
import Workflow

struct Compatibility: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what is run of the language, as the tables of docs/compatibility.md (make docs).")

    func run() { print(CompatibilityTables.markdown(.current), terminator: "") }
}
