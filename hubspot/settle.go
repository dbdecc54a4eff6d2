package hubspot

import "encoding/json"

// settle accounts for every input of a batch write that got a 2xx. HubSpot says
// 200 or 207 for the same thing, so only the content counts:
//
//   - a record that is found for the input confirms it,
//   - an error that names the input refuses it, and outweighs a record,
//   - an input that two different records claim is not confirmed,
//   - without status COMPLETE no record confirms anything,
//   - what is not mentioned is not a success.
func settle(cl call, rep reply, parts batchReply, r roster, n int) []InputResult {
	out := make([]InputResult, n)
	contested := make([]bool, n)
	for _, w := range parts.records {
		i, sure, ok := r.writtenFor(w)
		if !ok {
			continue
		}
		rec := w.record()
		if !sure || out[i].Record != nil && out[i].Record.ID != rec.ID {
			contested[i] = true
		}
		out[i] = InputResult{Record: &rec, New: isTrue(w.New), Warnings: w.warnings()}
	}
	var nobodys []*Error
	for _, raw := range parts.entries {
		e, b := entryError(cl, rep, raw)
		blamed := r.blamed(b)
		if len(blamed) == 0 {
			nobodys = append(nobodys, e)
		}
		for _, i := range blamed {
			own := *e
			if out[i].Record != nil {
				own.Outcome = Unknown // both done and refused
			}
			out[i] = InputResult{Err: &own}
		}
	}
	for i := range out {
		switch {
		case out[i].Err != nil:
		case out[i].Record == nil:
			out[i] = InputResult{Err: doubtfulInput(cl, rep, CodeUnmentioned, nobodys)}
		case !parts.complete || contested[i]:
			out[i] = InputResult{Err: doubtfulInput(cl, rep, CodeNotConfirmed, nil)}
		}
	}
	return out
}

// writtenFor finds the input that a written record confirms. sure is false if
// the trace id and the key name two different inputs.
func (r roster) writtenFor(w wireRecord) (i int, sure, ok bool) {
	byName := r.askedBy(w)
	if i, traced := r.byTrace[text(w.TraceID)]; traced {
		// After a merge the record of an update has another id: that is the
		// trace id's to know. A key property has no such excuse.
		sure = r.idProperty == "" || len(byName) == 0 || byName[0] == i
		return i, sure, true
	}
	if r.byValue != nil {
		i, ok = r.createdFor(w)
		return i, true, ok
	}
	if len(byName) == 0 {
		return 0, false, false
	}
	return byName[0], true, true
}

// entryError is the error of one entry in a 2xx.
func entryError(cl call, rep reply, raw json.RawMessage) (*Error, blame) {
	e, b := decodeEntry(raw)
	e.Op = cl.op
	e.Status = rep.status
	if e.CorrelationID == "" {
		e.CorrelationID = rep.correlationID
	}
	e.Message = messageFor(e)
	if rep.doubt && cl.write {
		e.Outcome = Unknown
	}
	return e, b
}

// doubtfulInput is the error of an input whose fate the reply leaves open. What
// HubSpot said without naming anybody comes along as details.
func doubtfulInput(cl call, rep reply, code string, nobodys []*Error) *Error {
	e := &Error{
		Op:            cl.op,
		Status:        rep.status,
		Code:          code,
		Message:       wordsFor(code),
		CorrelationID: rep.correlationID,
		Outcome:       Unknown,
	}
	for _, other := range nobodys {
		if len(other.Details) == 0 {
			e.Details = append(e.Details, ErrorDetail{Code: other.Code, SubCategory: other.SubCategory,
				Message: other.Message, Properties: other.Properties})
		}
		e.Details = append(e.Details, other.Details...)
	}
	return e
}
