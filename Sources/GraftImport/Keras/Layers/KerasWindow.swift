import GraftGraph
import GraftTensors

extension KerasLayerCall {
  /// Refuses what the layout of the whole model contradicts, and inputs that are no feature maps.
  func featureMap(_ writer: KerasGraphWriter) throws -> Shape {
    let shape = try writer.shape(input())
    guard shape.rank == 3 else {
      throw KerasRefusal("it takes feature maps, and its input has \(shape.rank) dimensions without the batch")
    }
    return shape
  }

  /// Keras's `padding`, Keras 1's `border_mode`, over an input of the given size.
  ///
  /// Theano, under Keras 1 and 2, pads a convolution by half its kernel at every edge, whatever the stride, where
  /// TensorFlow pads as little as it can. Source: `conv2d` in Keras 2.1's `theano_backend.py`.
  func padding(_ window: Window2D, theano writer: KerasGraphWriter) throws(KerasRefusal) -> Window2D.Padding {
    switch try options.text("padding", "border_mode", default: "valid").lowercased() {
    case "valid": return .valid
    case "same":
      guard writer.ranOnTheano else { return .same }
      let span = window.span
      return .explicit(
        top: span.height / 2, bottom: (span.height - 1) / 2, left: span.width / 2, right: (span.width - 1) / 2)
    case let other: throw KerasRefusal("its padding is “\(other)”, and “valid” and “same” are known")
    }
  }

  /// The window of a convolution.
  func convolutionWindow(_ writer: KerasGraphWriter) throws(KerasRefusal) -> Window2D {
    var kernel: Size2D
    if options.value("kernel_size") == nil, options.value("nb_row") != nil {
      kernel = Size2D(height: try options.integer("nb_row"), width: try options.integer("nb_col"))
    } else {
      kernel = try options.size("kernel_size")
    }
    kernel = try bounded(kernel, "kernel_size")
    var window = Window2D(
      size: kernel, strides: try bounded(options.size("strides", "subsample", default: 1), "strides"),
      dilation: try bounded(options.size("dilation_rate", "atrous_rate", default: 1), "dilation_rate"))
    window.padding = try padding(window, theano: writer)
    return window
  }

  /// The window of a pooling.
  func poolingWindow(_ writer: KerasGraphWriter) throws(KerasRefusal) -> Window2D {
    let size = try bounded(options.size("pool_size", default: 2), "pool_size")
    let window = Window2D(size: size, strides: try bounded(options.size("strides", default: size), "strides"))
    guard writer.ranOnTheano, try padding(window, theano: writer) != .valid else {
      var padded = window
      padded.padding = try padding(window, theano: writer)
      return padded
    }
    throw KerasRefusal("it pads as Theano does, which no other engine can; save the model without padding=“same” here")
  }

  /// A window no larger than arithmetic on it can bear.
  private func bounded(_ size: Size2D, _ option: String) throws(KerasRefusal) -> Size2D {
    guard (1...1 << 20).contains(size.height), (1...1 << 20).contains(size.width) else {
      throw KerasRefusal("its option “\(option)” is \(size), and 1×1 is the least")
    }
    return size
  }
}
