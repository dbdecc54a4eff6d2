package hubspot

func decodeError(body []byte) *Error { return &Error{} }
func correlationID(s string) string  { return "" }
