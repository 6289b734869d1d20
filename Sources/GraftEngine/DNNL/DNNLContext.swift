import CDNNL

/// oneDNN's engine and stream for this process's processor.
@EngineActor
final class DNNLContext {
  static let shared = Result { try DNNLContext() }

  let engine: dnnl_engine_t
  let stream: dnnl_stream_t

  private init() throws {
    var engine: dnnl_engine_t?
    var stream: dnnl_stream_t?
    try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "an engine")
    try check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue), "a stream")
    guard let engine, let stream else { throw EngineError.primitive(what: "an engine", layer: "", status: -1) }
    self.engine = engine
    self.stream = stream
  }
}

/// Turns oneDNN's status into an error that says what was asked for.
func check(_ status: dnnl_status_t, _ what: @autoclosure () -> String, layer: String = "") throws(EngineError) {
  guard status == dnnl_success else {
    throw .primitive(what: what(), layer: layer, status: Int(status.rawValue))
  }
}
