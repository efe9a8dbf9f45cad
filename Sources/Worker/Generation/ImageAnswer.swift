import CellValues
import Digest
import Inference
import JSON
import Messages

/// What becomes of a reply to an image column: files named by their content.
enum ImageAnswer {
    /// The value is the list of the files' names.
    ///
    /// - Throws: a failure of kind `parse` for a reply without images, or with what is none.
    static func value(of reply: ModelReply, column: String) throws(CallFailure) -> CellValue {
        if reply.hasImageAddress {
            throw CallFailure(
                kind: .parse,
                message: "the endpoint answered with an image's address; ask for the image itself in the model's "
                    + "extra_body: {response_format: b64_json}")
        }
        guard !reply.images.isEmpty else { throw CallFailure(kind: .parse, message: "the reply holds no image") }
        var files: [MadeFile] = []
        for image in reply.images {
            guard let bytes = Base64.decode(image), let format = ImageFormat(bytes) else {
                throw CallFailure(kind: .parse, message: "an image of the reply is no PNG, JPEG, GIF or WebP in base64")
            }
            let name = "images/\(folder(column))/\(SHA256(of: bytes).hex).\(format.rawValue)"
            files.append(MadeFile(name: name, bytes: bytes))
        }
        return CellValue(WireValue(.array(files.map { .string($0.name) })), files: files)
    }

    /// A column's name as that of a folder.
    private static func folder(_ column: String) -> String {
        var name = ""
        for character in column { name.append(character == "/" || character == "\\" ? "_" : character) }
        while let dots = name.firstRange(of: "..") { name.replaceSubrange(dots, with: "_") }
        return name
    }
}
