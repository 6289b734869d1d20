import Foundation
import GraftFormats
import GraftGraph
import GraftImport

/// One format, and what is done with bytes that claim to be of it.
struct FuzzTarget: Sendable {
  let name: String
  /// Whether inputs are changed as JSON first: blind changes seldom leave any.
  var isJSON = false
  /// Throws where the bytes are refused, as nearly all are.
  let read: @Sendable (UnsafeRawBufferPointer) throws -> Void

  static let all: [FuzzTarget] = [
    .graph, .hdf5, .hdf5Answer, .keras, .numpy, .onnx, .pickle, .safetensors, .safetensorsIndex, .torch, .zip,
  ]

  /// That of the environment variable `FUZZ_TARGET`.
  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name).joined(separator: " ")
      FileHandle.standardError.write(Data("FUZZ_TARGET must be one of: \(names)\n".utf8))
      exit(64)
    }
    return target
  }()

  /// Any file is read, or refused with an error that is meant for people; everything else is a finding.
  func run(_ bytes: UnsafeRawBufferPointer) {
    do {
      try read(bytes)
      Outcomes.note("read")
    } catch let error as any Error & CustomStringConvertible where Self.isForPeople(error) {
      // Messages quote the file: they must bear whatever stands there.
      precondition(!error.description.isEmpty, "an error without words: \(type(of: error))")
      Outcomes.note(error)
    } catch {
      fatalError("refused with an error that is not meant for people: \(type(of: error)): \(error)")
    }
  }

  private static func isForPeople(_ error: any Error) -> Bool {
    error is FormatError || error is ImportError || error is GraphError
  }
}
