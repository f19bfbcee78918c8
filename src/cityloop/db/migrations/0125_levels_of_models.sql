-- What moved of a model's levels is kept with the model: another may decide meanwhile, and it decides again when that is taken back.
ALTER TABLE learned_model ADD COLUMN levels {text} NOT NULL DEFAULT '[]';
UPDATE learned_model SET levels = (SELECT algorithm.levels FROM algorithm WHERE algorithm.city = learned_model.city
  AND algorithm.id = 'lessons' AND algorithm.model = learned_model.id)
  WHERE EXISTS (SELECT 1 FROM algorithm WHERE algorithm.city = learned_model.city AND algorithm.id = 'lessons'
  AND algorithm.model = learned_model.id);
