import Foundation
import GraftTensors

/// Files beside a model in which some of its tensors lie.
///
/// A model names them, and a model may come from anywhere: so only files within its own folder are opened, links that
/// lead out of it included. Source: <https://onnx.ai/onnx/repo-docs/ExternalData.html>.
struct ONNXExternalFiles {
  /// Nil where the model lies in memory.
  let folder: URL?
  let model: String
  private var files: [String: MappedFile] = [:]

  init(folder: URL?, model: String) {
    self.folder = folder
    self.model = model
  }

  /// - Parameter entries: `location`, and perhaps `offset` and `length`, as the tensor has them.
  mutating func tensor(
    _ name: String, entries: [String: String], shape: Shape, dataType: DataType
  ) throws -> Tensor {
    let location = entries["location"] ?? ""
    let file = try open(location, for: name)
    let expected = shape.count * dataType.byteCount
    let offset = try number(entries["offset"], named: "offset", of: name) ?? 0
    let length = try number(entries["length"], named: "length", of: name) ?? expected
    guard length == expected else {
      throw ONNXFault(
        reason: "the tensor '\(name)' of shape \(shape) and type \(dataType) needs \(expected.grouped) bytes, but has "
          + "\(length.grouped) in '\(location)'")
    }
    let (end, overflows) = offset.addingReportingOverflow(length)
    guard !overflows, end <= file.bytes.count else {
      throw FormatError.truncated(path: file.path, byteCount: file.bytes.count, expected: overflows ? .max : end)
    }
    let part = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<end])
    return Tensor(borrowing: part, owner: file, shape: shape, dataType: dataType)
  }

  private mutating func open(_ location: String, for tensor: String) throws -> MappedFile {
    if let file = files[location] { return file }
    guard let folder else {
      throw FormatError.unsupported(
        path: model, content: "the tensor '\(tensor)' in another file", advice: "Read the model from its folder.")
    }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.isEmpty, !location.hasPrefix("/"), !parts.contains("..") else {
      throw outside(location, tensor)
    }
    let url = folder.appending(path: location)
    // Both ends resolved: what counts is where the bytes are.
    let inside = folder.resolvingSymlinksInPath().path(percentEncoded: false)
    let resolved = url.resolvingSymlinksInPath().path(percentEncoded: false)
    guard resolved.hasPrefix(inside.hasSuffix("/") ? inside : inside + "/") else { throw outside(location, tensor) }
    let file = try MappedFile(URL(filePath: resolved))
    files[location] = file
    return file
  }

  private func outside(_ location: String, _ tensor: String) -> FormatError {
    .unsupported(
      path: model, content: "the tensor '\(tensor)' in the file '\(location)', outside its own folder",
      advice: "Put that file beside the model and name it there, or save the model as one file.")
  }

  private func number(_ text: String?, named what: String, of tensor: String) throws -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw ONNXFault(reason: "the tensor '\(tensor)' has the \(what) '\(text)' in its external file")
    }
    return number
  }
}
