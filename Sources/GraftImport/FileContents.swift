import Foundation
import GraftFormats

/// A file that may hold a network, read: a value of its own format.
///
/// Reading costs the start of a process where the file is HDF5, so whoever asks several things of a file reads it once and
/// passes this on.
enum FileContents {
  case hdf5(HDF5Tree)
  case kerasArchive(KerasModelFile)
  case onnx(ONNXModel)
  case torch(TorchCheckpoint)
  case safetensors(SafetensorsFile)

  /// Nil for a file of none of these formats.
  ///
  /// - Parameter elements: which compressed numbers of an HDF5 file are unpacked.
  /// - Throws: `FormatError` where the file cannot be read.
  init?(_ url: URL, elements: HDF5Tree.Selection = KerasWeights.elements) throws {
    switch try FileSignature(contentsOf: url) {
    case .hdf5: self = .hdf5(try HDF5Tree(contentsOf: url, elements: elements))
    case .kerasArchive: self = .kerasArchive(try KerasModelFile(contentsOf: url))
    case .onnx: self = .onnx(try ONNXModel(contentsOf: url))
    case .torchArchive, .pickle: self = .torch(try TorchCheckpoint(contentsOf: url))
    // An archive that was packed anew may begin with any of its entries.
    case .zip where try ZipArchive(MappedFile(url)).entries.contains(where: { $0.name == "config.json" }):
      self = .kerasArchive(try KerasModelFile(contentsOf: url))
    case .zip: self = .torch(try TorchCheckpoint(contentsOf: url))
    case .safetensors: self = .safetensors(try SafetensorsFile(contentsOf: url))
    default: return nil
    }
  }
}
