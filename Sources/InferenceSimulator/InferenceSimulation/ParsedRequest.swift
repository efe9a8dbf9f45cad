/// One whole request.
struct ParsedRequest {
    let head: RequestHead
    let bytes: [UInt8]
    /// Where in `bytes` the body is.
    let body: Range<Int>
}
