import Foundation
import GraftFormats
import Testing

private let messages: [(FormatError, String)] = [
  (.fileNotFound(path: "a.h5"), "There is no file at a.h5. Check the path."),
  (.isDirectory(path: "a"), "a is a folder, where a file was expected. Name the file in it."),
  (.unreadable(path: "a.h5", reason: "Permission denied"), "a.h5 cannot be read: Permission denied."),
  (.emptyFile(path: "a.h5"), "a.h5 is empty: it holds 0 bytes. Download it again."),
  (
    .truncated(path: "a.h5", byteCount: 2_749_997, expected: 102_853_048),
    "a.h5 is cut off: it holds 2,749,997 bytes of the 102,853,048 that its header announces. Download it again."
  ),
  (
    .malformed(path: "a.npy", format: "NumPy", reason: "its header has no shape"),
    "a.npy is not a valid NumPy file: its header has no shape. Download it again, or write it again with the "
      + "program that made it."
  ),
  (
    .damaged(path: "a.h5", happening: "crashed the HDF5 library (signal 11)"),
    "a.h5 is damaged: reading it crashed the HDF5 library (signal 11). Download it again, or write it again with the "
      + "program that made it."
  ),
  (
    .unsupported(path: "a.npy", content: "an array of structures", advice: "Save one plain array."),
    "a.npy holds an array of structures, which Graft does not read. Save one plain array."
  ),
  (
    .notKerasWeights(path: "a.h5", found: ["b", "c"]),
    "a.h5 is an HDF5 file, but holds no Keras weights: its root has no attribute 'layer_names' and no group "
      + "'model_weights', only 'b', 'c'. Name a file that Keras wrote with `model.save` or `model.save_weights`."
  ),
  (
    .notKerasWeights(path: "a.h5", found: []),
    "a.h5 is an HDF5 file, but holds no Keras weights: its root has no attribute 'layer_names' and no group "
      + "'model_weights', and is empty. Name a file that Keras wrote with `model.save` or `model.save_weights`."
  ),
  (
    .kerasThreeWeights(path: "a.weights.h5"),
    "a.weights.h5 is a weights file of Keras 3 (.weights.h5), which only the model's own description can place. "
      + "Write that with `model.to_json()` and name it with --backbone, or save all in one: `model.save(\"model.keras\")`."
  ),
  (
    .missingLayer(path: "a.h5", layer: "conv1"),
    "a.h5 lists the layer 'conv1' but holds no group of that name. Download it again."
  ),
  (
    .missingWeight(path: "a.h5", layer: "conv1", weight: "kernel:0"),
    "a.h5 lists the weight 'kernel:0' of the layer 'conv1' but holds no such data set. Download it again."
  ),
  (
    .writeFailed(path: "a.npy", reason: "No space left on device"),
    "a.npy cannot be written: No space left on device."
  ),
  (.targetExists(path: "run"), "run exists already and is not empty. Name another folder, or remove it first."),
]

private let mismatches: [(FileSignature, String)] = [
  (
    .gitLFSPointer,
    "a.h5 is a Git LFS pointer (1,132 bytes of text), not the weights themselves: run `git lfs pull`."
  ),
  (
    .html,
    "a.h5 is an HTML page (1,132 bytes), not an HDF5 file: the download failed, and what was saved is the server's "
      + "answer. Download it again."
  ),
  (
    .xml,
    "a.h5 is an XML document (1,132 bytes), not an HDF5 file: the download failed, and what was saved is the "
      + "server's answer. Download it again."
  ),
  (.gzip, "a.h5 is a gzip-compressed file, not an HDF5 file. Unpack it with `gunzip` first."),
  (.zip, "a.h5 is a ZIP archive, not an HDF5 file. Unpack it with `unzip` first."),
  (.torchArchive, "a.h5 is a PyTorch file (.pth), not an HDF5 file. Check that it is the file you meant."),
  (
    .unknown,
    "a.h5 is not an HDF5 file: the first of its 1,132 bytes belong to no format that Graft knows. "
      + "Check that it is the file you meant."
  ),
]

@Suite struct `Format errors` {
  @Test(arguments: messages)
  func `say what was found, where, and what to do`(error: FormatError, words: String) {
    #expect(error.description == words)
    #expect(error.localizedDescription == words)
  }

  @Test(arguments: mismatches)
  func `name what a file is instead`(found: FileSignature, words: String) {
    let error = FormatError.wrongKind(path: "a.h5", expected: "an HDF5 file", found: found, byteCount: 1132)
    #expect(error.description == words)
  }
}
