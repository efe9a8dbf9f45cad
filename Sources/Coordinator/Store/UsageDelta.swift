/// What a column's calls cost in this transaction.
package struct UsageDelta: Sendable {
    package var stored: Int64 = 0
    package var calls: Int64 = 0
    package var failed: Int64 = 0
    package var returned: Int64 = 0
    package var wasted: Int64 = 0
    package var inputTokens: Int64 = 0
    package var outputTokens: Int64 = 0
    /// Child processes of workers that died with a cell of it.
    package var childDeaths: Int64 = 0

    package init() {}

    package mutating func add(_ other: UsageDelta) {
        stored += other.stored
        calls += other.calls
        failed += other.failed
        returned += other.returned
        wasted += other.wasted
        inputTokens += other.inputTokens
        outputTokens += other.outputTokens
        childDeaths += other.childDeaths
    }
}
