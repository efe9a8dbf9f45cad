/// What requests have in common: a column's spec, sent to one provider.
struct RequestName: Hashable {
    let spec: SpecHash
    let provider: String
}
