/// Parameters that are drawn anew for each request, in place of those of `ModelParameters`.
package struct DrawnParameters: Hashable, Sendable {
    package var temperature: Double?
    package var topP: Double?

    package init(temperature: Double? = nil, topP: Double? = nil) {
        self.temperature = temperature
        self.topP = topP
    }

    var isEmpty: Bool { temperature == nil && topP == nil }
}
