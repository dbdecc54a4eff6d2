package hubspot

func wordsFor(code string) string { return code }
func messageFor(e *Error) string  { return "refused" }
