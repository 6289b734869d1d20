import Foundation
import Testing

@Suite struct InspectCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 2) }

  @Test func `a network's layers`() throws {
    let text = try place.graft("inspect", "vgg16").output
    #expect(text.contains(/block5_conv3 +Conv2D +\[512, 14, 14\] +2,359,808 +block5_conv2\n/))
    #expect(text.hasSuffix("VGG-16: 14,714,688 parameters, 15,346,630,656 multiply-adds an image\n"))
    let json = try place.graft("inspect", "squeezenet-tiny", "--image-size", "48", "--json").json()
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(layers.first?["name"] as? String == "input_1" && layers.first?["shape"] as? [Int] == [3, 48, 48])
    #expect(json["parameters"] as? Int == layers.reduce(0) { $0 + ($1["parameters"] as? Int ?? 0) })
  }

  @Test func `a weight file's tensors`() throws {
    try place.write("w.h5", Workplace.kerasFile)
    let text = try place.graft("inspect", "w.h5")
    #expect(text.status == 0, "\(text.messages)")
    #expect(text.output.contains("[3, 3, 3, 4]"))
    #expect(text.output.contains("w.h5: Keras weights (HDF5), 6,214 bytes, 8 tensors of 188 numbers"))
    try place.writeWeights()
    let json = try place.graft("inspect", "tiny.safetensors", "--json").json()
    #expect(json["format"] as? String == "safetensors")
    #expect((json["tensors"] as? [[String: Any]])?.count == 71)
  }

  @Test func `a PyTorch file whose archive begins with none of its customary entries`() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "GraftFormatsTests/Fixtures")
    let text = try place.graft("inspect", fixtures.appending(path: "torch/scripted.pt").path).output
    #expect(text.contains("scripted.pt: PyTorch (ZIP archive), 9,651 bytes, 10 tensors of 28 numbers"))
  }

  @Test func `a run's network`() throws {
    #expect(try place.finetune("--epochs", "1", "--out", "run").status == 0)
    let text = try place.graft("inspect", "run").output
    #expect(text.contains(/head_dense +Dense +\[2\] +514 +head_pool\n/))
  }

  @Test(arguments: [
    (["gone.h5"], 66, "There is no file at gone.h5. Check the path."),
    (
      ["photos"], 66,
      "photos is no run directory: it has no model.json. Name the folder that `graft finetune` has written"
    ),
    (["vgg61"], 64, "there is no network “vgg61”; did you mean “vgg16” or “vgg19”?"),
    (["squeezenet", "--image-size", "20"], 64, "SqueezeNet 1.1 needs images of at least 48×48 pixels, not 20×20"),
  ])
  func `what cannot be inspected`(arguments: [String], status: Int, message: String) throws {
    let outcome = try GraftProgram.run(["inspect", "--json"] + arguments, in: place.folder)
    #expect(Int(outcome.status) == status)
    #expect((try outcome.json()["error"] as? String)?.hasPrefix(message) == true, "\(outcome.output)")
    #expect(outcome.messages.hasPrefix("error: " + message))
  }
}
