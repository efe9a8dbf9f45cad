/// Parameters, prepared for drawing, and the decimal places that go with them.
struct SamplerBranch: Sendable {
    let draw: SamplerDraw
    let decimalPlaces: Int?
}
