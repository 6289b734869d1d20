import CDNNL
import GraftGraph
import GraftTensors

extension Window2D {
  /// The window in oneDNN's terms for an input `[N, C, H, W]`; oneDNN counts a dilation of 1 as 0.
  ///
  /// - Parameter output: how far the window gets; as far as it does of itself where nil.
  func onDNNL(over input: Shape, output: Size2D? = nil) -> graft_window {
    let margins = margins(for: Size2D(height: input[2], width: input[3]))
    var window = graft_window()
    (window.kernel.0, window.kernel.1) = (dnnl_dim_t(size.height), dnnl_dim_t(size.width))
    (window.strides.0, window.strides.1) = (dnnl_dim_t(strides.height), dnnl_dim_t(strides.width))
    (window.dilations.0, window.dilations.1) = (dnnl_dim_t(dilation.height - 1), dnnl_dim_t(dilation.width - 1))
    (window.padding_before.0, window.padding_before.1) = (dnnl_dim_t(margins.top), dnnl_dim_t(margins.left))
    // oneDNN wants padding that the last window reaches exactly; what lies beyond it was never read.
    let output = output ?? outputSize(for: Size2D(height: input[2], width: input[3])) ?? 1
    window.padding_after.0 = dnnl_dim_t(
      (output.height - 1) * strides.height + span.height - input[2] - margins.top)
    window.padding_after.1 = dnnl_dim_t((output.width - 1) * strides.width + span.width - input[3] - margins.left)
    return window
  }
}
