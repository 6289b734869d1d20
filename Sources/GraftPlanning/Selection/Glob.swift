/// Whether `name` matches a pattern of literal characters, `*` and `?`.
///
/// - Complexity: O(name × pattern): a star is retried from its last position only.
func matches(_ name: String, glob pattern: String) -> Bool {
  let name = Array(name)
  let pattern = Array(pattern)
  var position = 0
  var token = 0
  var retry: (position: Int, token: Int)?
  while position < name.count {
    if token < pattern.count, pattern[token] == "*" {
      retry = (position, token + 1)
      token += 1
    } else if token < pattern.count, pattern[token] == "?" || pattern[token] == name[position] {
      position += 1
      token += 1
    } else if let last = retry {
      retry = (last.position + 1, last.token)
      (position, token) = (last.position + 1, last.token)
    } else {
      return false
    }
  }
  return pattern[token...].allSatisfy { $0 == "*" }
}
