import GraftArchitectures
import GraftGraph
import Testing

@testable import GraftImport

@Suite struct LoadReportTests {
  private func report(_ file: String, keepsTop: Bool = true) throws -> LoadReport {
    try ImportedNetwork(TinyNetwork.architecture, weights: fixture(file), keepsTop: keepsTop).report
  }

  @Test func `every parameter is listed with the tensor that it came from`() throws {
    let report = try report("numbered.h5")
    #expect(
      report.bound.map { "\($0.parameter) ← \($0.source)" } == [
        "conv1/kernel ← convolution2d_7/convolution2d_7_W:0", "conv1/bias ← convolution2d_7/convolution2d_7_b:0",
        "fire/squeeze1x1/kernel ← convolution2d_8/convolution2d_8_W:0",
        "fire/squeeze1x1/bias ← convolution2d_8/convolution2d_8_b:0",
        "fire/expand1x1/kernel ← convolution2d_10/convolution2d_10_W:0",
        "fire/expand1x1/bias ← convolution2d_10/convolution2d_10_b:0",
        "fire/expand3x3/kernel ← convolution2d_9/convolution2d_9_W:0",
        "fire/expand3x3/bias ← convolution2d_9/convolution2d_9_b:0",
      ])
    #expect(report.summary == "8 tensors bound by layer order")
  }

  @Test func `a classifier that is left off is listed as unused`() throws {
    let named = try report("tf_top.h5", keepsTop: false)
    #expect(named.unused == ["predictions/predictions_W:0", "predictions/predictions_b:0"])
    #expect(named.summary == "8 tensors bound by name; 2 of the file left unused")
    let numbered = try report("numbered_top.h5", keepsTop: false)
    #expect(numbered.unused == ["dense_3/dense_3_W:0", "dense_3/dense_3_b:0"])
    #expect(numbered.summary == "8 tensors bound by layer order; 2 of the file left unused")
  }

  @Test(arguments: [
    ("tf_top.h5", [Int]()), ("th_top.h5", [0, 1, 2]), ("th_dim_ordering_tf_kernels_top.h5", [0, 2]),
    ("theano_backend_top.h5", [1]), ("tensorflow_backend_channels_first_top.h5", [0, 2]),
  ])
  func `what was converted is said`(file: String, expected: [Int]) throws {
    let conversions = [
      "kernels in Theano's order [out, in, height, width]",
      "kernels flipped in height and width (Theano convolves, Graft correlates)",
      "rows after Flatten reordered from [C, H, W] to [H, W, C]",
    ]
    #expect(try report(file).conversions == expected.map { conversions[$0] })
  }
}
