import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

/// Real files, as people have them.
@Suite(.enabled(if: Shared.exists, "there is no folder `shared` beside the package"))
struct `Real weight files` {
  @Test(arguments: ["tf", "th"])
  func `of SqueezeNet hold 25 convolutions with kernels and biases, mapped`(order: String) throws {
    let url = Shared.folder.appending(
      path: "weights/squeezenet_weights_\(order)_dim_ordering_\(order)_kernels_notop.h5")
    let layers = try KerasWeights(contentsOf: url).layers
    let convolutions = layers.filter { !$0.weights.isEmpty }
    #expect(layers.count == 63)
    #expect(convolutions.count == 25)
    #expect(convolutions.first?.name == "conv1")
    #expect(convolutions.last?.name == "fire9/expand3x3")
    for layer in convolutions {
      try #require(layer.weights.count == 2)
      let (kernel, bias) = (layer.weights[0].tensor, layer.weights[1].tensor)
      #expect(kernel.shape.rank == 4)
      #expect(bias.shape == [kernel.shape[order == "tf" ? 3 : 0]])
      #expect(kernel.floats.allSatisfy { $0.isFinite })
    }
    // Parameters without the top: 1,235,496 less the 513,000 of conv10.
    #expect(layers.flatMap(\.weights).map(\.tensor.shape.count).reduce(0, +) == 722_496)
    let first = convolutions[0].weights[0].tensor
    #expect(first.shape == (order == "tf" ? [3, 3, 3, 64] : [64, 3, 3, 3]))
  }

  @Test func `of SqueezeNet agree between the orders`() throws {
    func convolutions(_ order: String) throws -> [KerasWeights.Layer] {
      try KerasWeights(
        contentsOf: Shared.folder.appending(
          path: "weights/squeezenet_weights_\(order)_dim_ordering_\(order)_kernels_notop.h5")
      ).layers.filter { !$0.weights.isEmpty }
    }
    for (tensorFlow, theano) in zip(try convolutions("tf"), try convolutions("th")) {
      #expect(tensorFlow.name == theano.name)
      #expect(tensorFlow.weights[1].tensor.floats == theano.weights[1].tensor.floats)
      // [H, W, I, O] against [O, I, H, W], flipped where Theano made it so.
      let kernel = tensorFlow.weights[0].tensor.permuted([3, 2, 0, 1])
      let other = theano.weights[0].tensor
      #expect(kernel.floats == other.floats || kernel.floats == other.flipped(axes: [2, 3]).floats)
    }
  }

  @Test func `compressed in chunks are unpacked`() throws {
    let file = try KerasWeights(
      contentsOf: Shared.folder.appending(path: "weights/inception_v3_imagenet_to_mixed8.h5"))
    #expect(file.modelConfiguration != nil)
    let weights = file.layers.flatMap(\.weights)
    #expect(weights.count == 304)
    #expect(weights.allSatisfy { $0.tensor.floats.allSatisfy { $0.isFinite } })
  }

  @Test func `of every age and origin are read or refused in words`() throws {
    var read = 0
    let folders = ["material/keras", "material/keras/dl4j", "weights", "material/broken"]
    for url in try folders.flatMap({ try Shared.files($0) }) where !url.hasDirectoryPath {
      let words = message {
        let file = try KerasWeights(contentsOf: url)
        read += 1
        let tree = try HDF5Tree(contentsOf: url, elements: .none)
        for layer in file.layers {
          for (name, tensor) in layer.weights {
            let path = "/\(layer.name)/\(name)"
            #expect(tensor.shape == (tree[path] ?? tree["/model_weights" + path])?.shape, "\(path)")
          }
        }
      }
      #expect(words == "nothing" || words.hasPrefix(url.path), "\(words)")
    }
    #expect(read >= 40)
  }

  @Test func `cut off by a broken download say how much is there`() throws {
    let url = Shared.folder.appending(
      path: "material/broken/resnet50_weights_tf_dim_ordering_tf_kernels.truncated.h5")
    #expect(
      message { _ = try KerasWeights(contentsOf: url) }
        == "\(url.path) is cut off: it holds 2,749,997 bytes of the 102,853,048 that its header announces. "
        + "Download it again.")
  }
}
