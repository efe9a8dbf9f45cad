extension PersonLocale {
    static let french = PersonLocale(
        maleNames: list(
            """
            Jean, Pierre, Michel, André, Philippe, René, Louis, Alain, Jacques, Bernard, Marcel, Daniel, Roger,
            Robert, Paul, Claude, Christian, Henri, Georges, Nicolas, François, Maurice, Patrick, Gérard, Christophe,
            Joseph, Julien, Frédéric, Raymond, Stéphane, Éric, Laurent, Pascal, David, Thierry, Sébastien, Alexandre,
            Gilbert, Thomas, Antoine, Hugo, Lucas, Gabriel, Léo, Raphaël, Arthur, Jules, Adam, Ethan, Mohamed, Karim,
            Guillaume, Olivier, Vincent, Xavier, Yves, Benoît, Mathieu, Théo, Maxime
            """),
        femaleNames: list(
            """
            Marie, Jeanne, Françoise, Monique, Catherine, Nathalie, Isabelle, Jacqueline, Anne, Sylvie, Martine,
            Madeleine, Nicole, Suzanne, Hélène, Christine, Marguerite, Denise, Louise, Christiane, Yvonne, Valérie,
            Sophie, Sandrine, Stéphanie, Véronique, Céline, Chantal, Germaine, Simone, Brigitte, Annie, Caroline,
            Aurélie, Julie, Camille, Patricia, Laurence, Dominique, Émilie, Léa, Chloé, Manon, Emma, Jade, Louna,
            Alice, Lina, Inès, Fatima, Yasmine, Amandine, Élodie, Margaux, Pauline, Mathilde, Charlotte, Juliette,
            Zoé, Agathe
            """),
        lastNames: list(
            """
            Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Simon, Michel, Lefebvre,
            Leroy, Roux, David, Bertrand, Morel, Fournier, Girard, Bonnet, Dupont, Lambert, Fontaine, Rousseau,
            Vincent, Muller, Lefèvre, Faure, André, Mercier, Blanc, Guérin, Boyer, Garnier, Chevalier, François,
            Legrand, Gauthier, Garcia, Perrin, Robin, Clément, Morin, Nicolas, Henry, Roussel, Mathieu, Gautier,
            Masson, Marchand, Duval, Denis, Dumont, Marie, Lemaire, Noël, Meyer, Dufour, Meunier, Brun, Blanchard,
            Giraud, Joly, Rivière, Lucas, Brunet, Gaillard, Barbier, Arnaud, Martinez, Gérard, Roche, Renard, Schmitt,
            Roy, Leroux, Colin, Vidal, Caron
            """),
        streets: list(
            """
            rue {last}, rue de {last}, avenue {last}, avenue de {last}, boulevard {last}, chemin de {last}, place
            {last}, rue {first} {last}, rue de la Gare, rue du Moulin, rue de l'Église, rue des Écoles, place de la
            Mairie, avenue de la République, rue Victor Hugo, chemin des Vignes
            """),
        cities: list(
            """
            Paris, Marseille, Lyon, Toulouse, Nice, Nantes, Montpellier, Strasbourg, Bordeaux, Lille, Rennes, Reims,
            Saint-Étienne, Toulon, Le Havre, Grenoble, Dijon, Angers, Nîmes, Villeurbanne, Clermont-Ferrand,
            Aix-en-Provence, Le Mans, Brest, Tours, Amiens, Limoges, Annecy, Perpignan, Metz, Besançon, Orléans,
            Rouen, Mulhouse, Caen, Nancy, Argenteuil, Avignon, Poitiers, La Rochelle, Pau, Calais, Cannes, Antibes,
            Dunkerque, Béziers, Bourges, Colmar, Quimper, Valence, Lorient, Troyes, Niort, Chambéry
            """),
        states: [], postcodes: ["%####", "1####", "0%###"],
        phones: ["0% ## ## ## ##", "+33 % ## ## ## ##", "+33 (0)% ## ## ## ##", "0%########"],
        countries: list(
            """
            Afrique du Sud, Allemagne, Argentine, Australie, Autriche, Belgique, Bolivie, Brésil, Bulgarie, Cambodge,
            Cameroun, Canada, Chili, Chine, Colombie, Corée du Sud, Costa Rica, Croatie, Cuba, Danemark, Égypte,
            Équateur, Espagne, Estonie, États-Unis, Éthiopie, Finlande, France, Géorgie, Ghana, Grèce, Guatemala,
            Hongrie, Inde, Indonésie, Irlande, Islande, Italie, Jamaïque, Japon, Jordanie, Kenya, Lettonie, Liban,
            Lituanie, Luxembourg, Madagascar, Malaisie, Mali, Malte, Maroc, Mexique, Mongolie, Népal, Nigéria,
            Norvège, Nouvelle-Zélande, Pakistan, Panama, Pays-Bas, Pérou, Philippines, Pologne, Portugal, Roumanie,
            Royaume-Uni, Rwanda, Sénégal, Serbie, Singapour, Slovaquie, Slovénie, Suède, Suisse, Tchéquie, Thaïlande,
            Tunisie, Turquie, Ukraine, Uruguay, Viêt Nam
            """),
        occupations: list(
            """
            Acheteur, Agriculteur, Ambulancier, Animateur, Apiculteur, Architecte, Assistant social, Avocat,
            Bibliothécaire, Bijoutier, Biologiste, Boucher, Boulanger, Caissier, Charpentier, Chauffeur de bus,
            Chimiste, Coiffeur, Comptable, Concierge, Conducteur de train, Couturier, Couvreur, Cuisinier, Danseur,
            Dentiste, Dessinateur, Documentaliste, Ébéniste, Économiste, Éditeur, Électricien, Enseignant,
            Ergothérapeute, Facteur, Fleuriste, Fromager, Géologue, Graphiste, Guide touristique, Horloger, Hôtelier,
            Infirmier, Informaticien, Ingénieur, Interprète, Jardinier, Journaliste, Juge, Kinésithérapeute, Libraire,
            Maçon, Maraîcher, Mathématicien, Mécanicien, Médecin, Menuisier, Musicien, Notaire, Opticien,
            Orthophoniste, Paysagiste, Peintre, Pharmacien, Photographe, Pilote, Plombier, Policier, Pompier,
            Psychologue, Sage-femme, Secrétaire, Serrurier, Sociologue, Soudeur, Statisticien, Traducteur, Vendeur,
            Vétérinaire, Vigneron
            """))
}
