import CDNNL
import GraftTensors

extension Lowering {
  /// x less a function of x: what brings numbers nearer to 0.
  func shrunk(_ input: Memory, by operation: ElementwiseOperation, layer: String) throws -> LoweredNode {
    let removed = try apply([operation], to: input, layer: layer)
    let output = try binary(dnnl_binary_sub, input, removed.output, layer: layer)
    return LoweredNode(output: output) { gradient in
      guard let ofRemoved = try removed.backward?(gradient).first ?? nil else { return [nil] }
      let gradient = try self.reorder(gradient, to: ofRemoved.descriptor, layer: layer)
      return [try self.binary(dnnl_binary_sub, gradient, ofRemoved, layer: layer)]
    }
  }

  /// x where it is further from 0 than `limit`, 0 elsewhere.
  func cutWithin(_ limit: Float, _ input: Memory, layer: String) throws -> LoweredNode {
    let magnitude = try apply([ElementwiseOperation(algorithm: dnnl_eltwise_abs)], to: input, layer: layer).output
    let isBeyond = try binary(
      dnnl_binary_gt, magnitude, constant(limit, rank: input.shape.rank), layer: layer)
    let output = try binary(dnnl_binary_mul, input, isBeyond, layer: layer)
    return LoweredNode(output: output) { gradient in
      [try self.binary(dnnl_binary_mul, gradient, isBeyond, layer: layer)]
    }
  }

  /// x to the power `exponent`. oneDNN's own gradient divides by x, which makes no number of 0.
  func power(_ exponent: Float, of input: Memory, layer: String) throws -> LoweredNode {
    let power = ElementwiseOperation(algorithm: dnnl_eltwise_pow, alpha: 1, beta: exponent)
    let output = try apply([power], to: input, layer: layer).output
    return LoweredNode(output: output) { gradient in
      let slope = ElementwiseOperation(algorithm: dnnl_eltwise_pow, alpha: exponent, beta: exponent - 1)
      let slopes = try self.apply([slope], to: input, layer: layer).output
      return [try self.binary(dnnl_binary_mul, slopes, gradient, layer: layer)]
    }
  }
}
