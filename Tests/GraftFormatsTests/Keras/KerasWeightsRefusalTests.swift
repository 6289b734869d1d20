import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

private let again = "Download it again, or write it again with the program that made it."
private let elsewhere = "Copy the file with `h5repack`, or save it again, so that it holds the data itself."

private let refusals: [(String, String)] = [
  ("missing-weight", "lists the weight 'bias:0' of the layer 'dense' but holds no such data set. Download it again."),
  ("missing-layer", "lists the layer 'dense_1' but holds no group of that name. Download it again."),
  ("twice", "is not a valid HDF5 file: it lists the layer 'dense' twice. \(again)"),
  ("no-weight-names", "is not a valid HDF5 file: the layer 'dense' has no attribute 'weight_names'. \(again)"),
  ("numbers-for-names", "is not a valid HDF5 file: the attribute 'layer_names' of / is no text. \(again)"),
  ("links", "holds a link to another file at /dense/kernel:0, which Graft does not read. \(elsewhere)"),
  (
    "external-storage",
    "holds a data set at /dense/kernel:0 whose elements lie in other files, which Graft does not read. \(elsewhere)"
  ),
  ("unwritten", "is not a valid HDF5 file: the data set /dense/kernel:0 was never written. \(again)"),
  (
    "bomb",
    "is not a valid HDF5 file: the data set /dense/kernel:0 announces 4,398,046,511,104 bytes, but only 14 are stored. "
      + again
  ),
  (
    "text-for-weights",
    "holds text at /dense/kernel:0, which Graft does not read. Weights must be plain numbers."
  ),
  (
    "other",
    "is an HDF5 file, but holds no Keras weights: its root has no attribute 'layer_names' and no group "
      + "'model_weights', only 'images', 'labels'. Name a file that Keras wrote with `model.save` or "
      + "`model.save_weights`."
  ),
  (
    "keras3.weights",
    "is a weights file of Keras 3 (.weights.h5), which only the model's own description can place. Write that with "
      + "`model.to_json()` and name it with --backbone, or save all in one: `model.save(\"model.keras\")`."
  ),
]

@Suite struct `Keras weights are refused` {
  @Test(arguments: refusals)
  func `in words that name the layer, the weight and the file`(name: String, words: String) throws {
    let url = try fixture("\(name).h5")
    #expect(message { _ = try KerasWeights(contentsOf: url) } == "\(url.path) \(words)")
  }

  @Test func `where the file is something else`() throws {
    let folder = try TemporaryFolder()
    let pointer = try folder.file("a.h5", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n".utf8)
    #expect(
      message { _ = try KerasWeights(contentsOf: pointer) }
        == "\(pointer.path) is a Git LFS pointer (64 bytes of text), not the weights themselves: run `git lfs pull`.")
    let page = try folder.file("b.h5", "<html>404</html>".utf8)
    #expect(
      message { _ = try KerasWeights(contentsOf: page) }
        == "\(page.path) is an HTML page (16 bytes), not a Keras weights file (HDF5): the download failed, and what was "
        + "saved is the server's answer. Download it again.")
    let missing = folder.url.appending(path: "c.h5")
    #expect(
      message { _ = try KerasWeights(contentsOf: missing) } == "There is no file at \(missing.path). Check the path.")
  }

  @Test func `where the root of the file is overwritten`() throws {
    let folder = try TemporaryFolder()
    var bytes = try Array(Data(contentsOf: fixture("keras1.h5")))
    bytes.replaceSubrange(96..., with: repeatElement(0, count: bytes.count - 96))
    let url = try folder.file("a.h5", bytes)
    let words = message { _ = try KerasWeights(contentsOf: url) }
    #expect(words.hasPrefix("\(url.path) is not a valid HDF5 file: "))
  }

  @Test func `without a word from the HDF5 library`() throws {
    // Whatever other tests write meanwhile lands in the same file; HDF5's own stacks begin with these words.
    let folder = try TemporaryFolder()
    let log = folder.url.appending(path: "stderr")
    let saved = dup(2)
    let captured = open(log.path, O_WRONLY | O_CREAT, 0o600)
    dup2(captured, 2)
    defer {
      close(saved)
      close(captured)
    }
    for (name, _) in refusals { _ = message { _ = try KerasWeights(contentsOf: fixture("\(name).h5")) } }
    dup2(saved, 2)
    let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    #expect(!text.contains("HDF5-DIAG"))
  }
}
