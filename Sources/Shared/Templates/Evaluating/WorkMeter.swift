/// Counts what a rendering does, and ends it when that is too much.
final class WorkMeter {
    private var steps = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    @inline(__always)
    func step() throws(TemplateError) {
        steps += 1
        if steps > limit { throw tooManySteps }
    }

    /// Counts the work of an operation on something long.
    @inline(__always)
    func charge(_ work: Int) throws(TemplateError) {
        steps += work
        if steps > limit { throw tooManySteps }
    }

    /// Counts a walk over text, character by character.
    @inline(__always)
    func chargeWalk(bytes: Int) throws(TemplateError) { try charge(bytes >> 3) }

    /// Counts a copy or comparison of text.
    @inline(__always)
    func chargeCopy(bytes: Int) throws(TemplateError) { try charge(bytes >> 8) }

    private var tooManySteps: TemplateError { .limit("the template takes more than \(limit) steps") }
}
