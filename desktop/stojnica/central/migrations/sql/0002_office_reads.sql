-- What the office reads of the stands, each as one function: whoever may call them may not look into a table.
-- They run as the owner, change nothing, and give no name, address or number of a person.

CREATE FUNCTION office_api.missed_questions(b uuid, since bigint, most integer)
RETURNS TABLE (question text, language text, event_name text, captured_at bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT m.text, m.language, coalesce(e.name, ''), m.captured_at
    FROM hub.missed_question m
    LEFT JOIN hub.event e ON e.branch_id = b AND e.subject_id = m.event_id
    WHERE m.branch_id = b AND m.captured_at >= $2
    ORDER BY m.captured_at DESC, m.subject_id DESC
    LIMIT least(greatest($3, 0), 10000);
END
$body$;

CREATE FUNCTION office_api.alike_contacts(b uuid, most integer)
RETURNS TABLE (
    subject_id uuid, other_id uuid, answer text, same text, event_name text, captured_at bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.subject_id, l.other_id, l.answer, l.same, coalesce(e.name, ''), l.captured_at
    FROM hub.likeness l
    JOIN hub.signup p ON p.branch_id = b AND p.subject_id = l.subject_id AND NOT p.is_voided
    JOIN hub.signup o ON o.branch_id = b AND o.subject_id = l.other_id AND NOT o.is_voided
    LEFT JOIN hub.event e ON e.branch_id = b AND e.subject_id = l.event_id
    WHERE l.branch_id = b AND l.answer <> 'other'
    ORDER BY l.captured_at DESC, l.subject_id DESC
    LIMIT least(greatest($2, 0), 10000);
END
$body$;

REVOKE ALL ON FUNCTION office_api.missed_questions(uuid, bigint, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.alike_contacts(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.missed_questions(uuid, bigint, integer) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.alike_contacts(uuid, integer) TO hub_office;
