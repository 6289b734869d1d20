import Foundation
import GraftGraph
import GraftTensors
import Testing

@Suite struct WeightFileRefusalTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 1) }

  /// Every command that reads weights refuses them with the same words.
  private func expect(_ status: Int, _ message: String, file: String = "w.h5") throws {
    for command in [
      ["finetune", "--data", "photos", "--out", "run"], ["features", "--data", "photos", "--out", "f.npy"],
    ] {
      let outcome = try GraftProgram.run(
        command + ["--backbone", "squeezenet-tiny", "--weights", file, "--json"], in: place.folder)
      #expect(Int(outcome.status) == status)
      #expect(try outcome.json()["error"] as? String == message)
      #expect(outcome.messages == "error: \(message)\n")
    }
  }

  private var path: String { place.path("w.h5") }

  @Test func `missing`() throws {
    try expect(66, "There is no file at \(path). Check the path.")
  }

  @Test func `a folder`() throws {
    try expect(
      65, "\(place.path("photos")) is a folder, where a file was expected. Name the file in it.", file: "photos")
  }

  @Test func `empty`() throws {
    try place.write("w.h5", "")
    try expect(65, "\(path) is empty: it holds 0 bytes. Download it again.")
  }

  @Test func `text`() throws {
    try place.write("w.h5", "these are no weights\n")
    try expect(
      65, "\(path) is plain text, not a Keras weights file (HDF5). Check that it is the file you meant.")
  }

  @Test func `a pointer of Git LFS`() throws {
    let text = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3002560\n"
    try place.write("w.h5", text)
    try expect(
      65,
      "\(path) is a Git LFS pointer (\(text.utf8.count) bytes of text), not the weights themselves: run `git lfs pull`."
    )
  }

  @Test func `a web page`() throws {
    try place.write("w.h5", "<!DOCTYPE html><html><body>404</body></html>")
    try expect(
      65,
      "\(path) is an HTML page (44 bytes), not a Keras weights file (HDF5): the download failed, and what was saved is "
        + "the server's answer. Download it again.")
  }

  @Test func `cut off, without a word from the HDF5 library`() throws {
    let whole = try Workplace.kerasFile
    try place.write("w.h5", whole.prefix(3000))
    try expect(
      65,
      "\(path) is cut off: it holds 3,000 bytes of the \(whole.count / 1000),\(whole.count % 1000) that its header "
        + "announces. Download it again.")
  }

  @Test func `another architecture`() throws {
    try place.write("w.h5", Workplace.kerasFile)
    try expect(
      65,
      "w.h5 is not for SqueezeNet, tiny: it has 4 layers with weights (conv1, fire/squeeze1x1, fire/expand1x1, …), where "
        + "SqueezeNet, tiny has 32 or 33. Check which network the file was saved from")
  }

  @Test func `another shape`() throws {
    try place.writeWeights { $0["conv1/bn/gamma"] = Tensor(zeros: [64]) }
    try expect(
      65,
      "“conv1/bn/gamma” in tiny.safetensors has the shape [64], but layer “conv1/bn” needs [32]. "
        + "The file is probably of another network", file: "tiny.safetensors")
  }

  @Test func `a tensor short`() throws {
    try place.writeWeights { $0["fire4/expand3x3/kernel"] = nil }
    let outcome = try place.graft(
      "features", "--backbone", "squeezenet-tiny", "--weights", "tiny.safetensors", "--data", "photos", "--out", "f.npy"
    )
    #expect(outcome.status == 65)
    #expect(
      outcome.lastMessage.hasPrefix(
        "error: tiny.safetensors lacks “fire4/expand3x3/kernel” of the shape [64, 32, 3, 3]; did you mean “fire"))
  }
}
