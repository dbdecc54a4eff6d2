package console

import (
	"html/template"
	"regexp"
	"strings"
)

var (
	numbered = regexp.MustCompile(`^\d+[.)]\s+`)
	bulleted = regexp.MustCompile(`^[-*]\s+`)
	address  = regexp.MustCompile(`https://[^\s<>"']+[^\s<>"'.,;:!?)]`)
)

// prose renders the plain text of a schema: lines that begin with "1. " are
// steps, with "- " items, an empty line ends a paragraph, https addresses are
// links. Everything else is escaped text.
func prose(text string) template.HTML {
	var b strings.Builder
	open := "" // the element that is open
	begin := func(element string) {
		if open == element {
			return
		}
		if open != "" {
			b.WriteString("</" + open + ">")
		}
		if element != "" {
			b.WriteString("<" + element + ">")
		}
		open = element
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			begin("")
		case numbered.MatchString(line):
			begin("ol")
			b.WriteString("<li>" + linked(numbered.ReplaceAllString(line, "")) + "</li>")
		case bulleted.MatchString(line):
			begin("ul")
			b.WriteString("<li>" + linked(bulleted.ReplaceAllString(line, "")) + "</li>")
		default:
			if open == "p" {
				b.WriteByte(' ')
			}
			begin("p")
			b.WriteString(linked(line))
		}
	}
	begin("")
	return template.HTML(b.String()) // every piece is escaped by linked
}

// linked escapes a line and makes its https addresses links.
func linked(line string) string {
	var b strings.Builder
	rest := line
	for {
		at := address.FindStringIndex(rest)
		if at == nil {
			return b.String() + template.HTMLEscapeString(rest)
		}
		url := template.HTMLEscapeString(rest[at[0]:at[1]])
		b.WriteString(template.HTMLEscapeString(rest[:at[0]]))
		b.WriteString(`<a href="` + url + `" target="_blank" rel="noopener noreferrer">` + strings.TrimPrefix(url, "https://") + `</a>`)
		rest = rest[at[1]:]
	}
}

// headline is the first sentence of a text, remainder what follows it.
func headline(text string) string {
	if first, _, more := strings.Cut(text, ". "); more {
		return first + "."
	}
	return text
}

func remainder(text string) string {
	_, rest, _ := strings.Cut(text, ". ")
	return rest
}
