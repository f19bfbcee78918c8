-- What a caller said to the hotline has the codes of every verdict; facts of before are raised on reading.

UPDATE work_order SET solved = 'not' WHERE solved = 'unsolved';
UPDATE work_order SET satisfied = CASE satisfied WHEN 'basically' THEN 'mostly' WHEN 'unsatisfied' THEN 'not' ELSE 'none' END
WHERE satisfied IN ('basically', 'unsatisfied', 'unrated');
UPDATE order_message SET body = replace(replace(replace(replace(body, '"solved":"unsolved"', '"solved":"not"'),
'"satisfied":"basically"', '"satisfied":"mostly"'), '"satisfied":"unsatisfied"', '"satisfied":"not"'),
'"satisfied":"unrated"', '"satisfied":"none"') WHERE body IS NOT NULL;
