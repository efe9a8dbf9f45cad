/// What `submit` stores.
package struct NewJob: Sendable {
    /// Records of one job, extensions included: row groups are counted in 32 bits, and may hold one record each.
    package static let mostRecords: Int64 = 1_000_000_000

    package struct Column: Sendable {
        package let name: String
        package let kind: String
        package let model: String

        package init(name: String, kind: String, model: String) {
            self.name = name
            self.kind = kind
            self.model = model
        }
    }

    package var id: JobID
    package var name: String
    /// The canonical JSON of the workflow.
    package var workflow: String
    package var fingerprint: String
    package var seed: UInt64
    package var generatorVersion: Int
    package var records: Int64
    package var groupSize: Int = 1000
    package var priority: Int = 4
    package var salvageMaximumRounds: Int = 2
    package var maximumParallel: String = "{}"
    /// The hash of the frozen seed data set.
    package var seedData: [UInt8]?
    package var runConfig: String = "{}"
    package var keepsFailed = false
    /// From now until the job is paused.
    package var deadline: Duration?
    package var maximumTokens: Int64?
    package var idempotencyKey: String?
    package var columns: [Column] = []
    /// Uploaded with it: their content is in the table `files`.
    package var files: [StoredFile] = []

    package init(
        id: JobID, name: String, workflow: String, fingerprint: String, seed: UInt64, generatorVersion: Int,
        records: Int64
    ) {
        self.id = id
        self.name = name
        self.workflow = workflow
        self.fingerprint = fingerprint
        self.seed = seed
        self.generatorVersion = generatorVersion
        self.records = records
    }
}
