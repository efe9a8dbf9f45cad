package import Scheduling

/// A job as the database has it.
package struct Job: Sendable {
    package let number: JobNumber
    package let id: JobID
    package let name: String
    package let partition: Int
    package let storage: Int32
    package let workflow: String
    package let fingerprint: String
    package let seed: UInt64
    package let generatorVersion: Int
    package var requested: Int64
    package let groupSize: Int
    package var priority: Int
    package let salvageMaximumRounds: Int
    /// Per alias, a JSON object of the bounds given by `--max-parallel`.
    package var maximumParallel: String
    /// Data Designer's RunConfig as it was given, a JSON object.
    package let runConfig: String
    /// Records whose cells fail stay, with null in their place.
    package let keepsFailed: Bool
    /// How many records were requested before each extension.
    package var formerEnds: [Int64]
    /// Until the job is paused, by the database's clock; nil: it has no deadline.
    package var secondsLeft: Double?
    /// Tokens after which the job is paused.
    package var maximumTokens: Int64?
    package var state: JobState
    package var reason: String
    /// The frozen seed data set; nil where the workflow has none.
    package let seedData: StoredSeed?
    /// A cancel was asked for: nothing more is sent, what runs ends.
    package var isStopping: Bool
}

extension Job {
    /// A job that no database has: a preview's.
    package static func unstored(
        workflow: String, fingerprint: String, seed: UInt64, generatorVersion: Int, records: Int64, runConfig: String
    ) -> Job {
        Job(
            number: JobNumber(rawValue: 1), id: JobID(milliseconds: 0, random: (0, 0)), name: "preview", partition: 0,
            storage: 0,
            workflow: workflow, fingerprint: fingerprint, seed: seed, generatorVersion: generatorVersion,
            requested: records, groupSize: Int(max(1, records)), priority: 4, salvageMaximumRounds: 2,
            maximumParallel: "{}", runConfig: runConfig, keepsFailed: false, formerEnds: [], secondsLeft: nil,
            maximumTokens: nil, state: .running, reason: "", seedData: nil, isStopping: false)
    }
}
