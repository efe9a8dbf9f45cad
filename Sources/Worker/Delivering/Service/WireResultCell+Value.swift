import FoundationEssentials
import Generation
import Messages

extension WireResultCell {
    init(_ value: CellValue, _ usage: ConversationUsage, _ milliseconds: UInt32) {
        self.init()
        self.value = value.value
        sideValues = value.sideValues
        files = value.files.map { file in
            filled(WireMadeFile()) {
                $0.name = file.name
                $0.body = Data(file.bytes)
            }
        }
        inputTokens = UInt32(clamping: usage.inputTokens)
        outputTokens = UInt32(clamping: usage.outputTokens)
        callMilliseconds = milliseconds
        finishReason = usage.finishReason
    }
}
